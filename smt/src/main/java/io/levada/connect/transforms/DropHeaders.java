/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.PluginVersion;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Removes every header with one of the given names.
 *
 * <pre>
 * headers=secret
 *
 * headers {trace_id: "ab12", secret: "x"}  ->  headers {trace_id: "ab12"}
 * </pre>
 *
 * @param <R> source or sink records
 */
public final class DropHeaders<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "headers",
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    TransformConfig.FILLED_SET,
                    ConfigDef.Importance.HIGH,
                    "Names of the headers to remove.");

    private Set<String> names = Set.of();

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        names = Set.copyOf(new TransformConfig(CONFIG_DEF, properties).getList("headers"));
    }

    @Override
    public R apply(R record) {
        if (record.headers().isEmpty()) {
            return record;
        }
        Headers kept = new ConnectHeaders();
        for (Header header : record.headers()) {
            if (!names.contains(header.key())) {
                kept.add(header);
            }
        }
        return RecordPart.VALUE.replace(record, record.valueSchema(), record.value(), kept);
    }

    @Override
    public void close() {}
}
