/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.PluginVersion;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Values;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Adds a header with a fixed value to every record.
 *
 * <pre>
 * header=shard, value.literal=3
 *
 * headers {}  ->  headers {shard: 3}
 * </pre>
 *
 * <p>The type of the value follows from the literal as {@link Values#parseString} reads it: {@code 3} is an int8, {@code true} a boolean,
 * {@code [1,2]} a list.
 *
 * @param <R> source or sink records
 */
public final class InsertHeader<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "header",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new ConfigDef.NonNullValidator(),
                    ConfigDef.Importance.HIGH,
                    "Name of the header.")
            .define(
                    "value.literal",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new ConfigDef.NonNullValidator(),
                    ConfigDef.Importance.HIGH,
                    "The header's value; numbers, booleans, dates, lists and maps are recognised.");

    private String name = "";
    private SchemaAndValue value = SchemaAndValue.NULL;

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
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        name = config.getString("header");
        value = Values.parseString(config.getString("value.literal"));
    }

    @Override
    public R apply(R record) {
        Headers headers = record.headers().duplicate();
        headers.add(name, value);
        return RecordPart.VALUE.replace(record, record.valueSchema(), record.value(), headers);
    }

    @Override
    public void close() {}
}
