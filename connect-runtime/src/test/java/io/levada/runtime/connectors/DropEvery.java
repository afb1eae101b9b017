/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connectors;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/** Drops records of one value, fails on those of another. */
public final class DropEvery<R extends ConnectRecord<R>> implements Transformation<R> {
    private @Nullable String drop;
    private @Nullable String fail;

    @Override
    @SuppressWarnings("NullAway") // A transform answers null to drop a record.
    public @Nullable R apply(R record) {
        String value = String.valueOf(record.value());
        if (value.equals(fail)) {
            throw new DataException("told to fail on this value");
        }
        return value.equals(drop) ? null : record;
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef()
                .define("value", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Dropped.")
                .define("fail", ConfigDef.Type.STRING, null, ConfigDef.Importance.LOW, "Failed on.");
    }

    @Override
    public void configure(Map<String, ?> configs) {
        drop = (String) configs.get("value");
        fail = (String) configs.get("fail");
    }

    @Override
    public void close() {}
}
