/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/** Sends every record to the topic {@code to}. */
public final class RenameTopic<R extends ConnectRecord<R>> implements Transformation<R> {
    private String to = "";

    @Override
    public R apply(R record) {
        return record.newRecord(
                to,
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp());
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef().define("to", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "The topic.");
    }

    @Override
    public void configure(Map<String, ?> configs) {
        to = String.valueOf(configs.get("to"));
    }

    @Override
    public void close() {}
}
