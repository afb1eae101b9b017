/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import io.levada.connect.api.PluginVersion;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/** Passes bytes through as they are. */
public final class ByteArrayConverter implements Converter, HeaderConverter, Versioned {

    private static final ConfigDef CONFIG_DEF = ConverterConfig.newConfigDef();

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {}

    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {}

    /** @throws DataException if the value is neither a byte array nor a buffer */
    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (schema != null && schema.type() != Schema.Type.BYTES) {
            throw new DataException(
                    "Cannot write data for topic " + topic + ": ByteArrayConverter takes bytes, and the schema is "
                            + schema.type() + ". Use another converter, such as JsonConverter");
        } else if (value == null || value instanceof byte[]) {
            return (byte[]) value;
        } else if (value instanceof ByteBuffer buffer) {
            ByteBuffer whole = buffer.duplicate().rewind();
            byte[] bytes = new byte[whole.remaining()];
            whole.get(bytes);
            return bytes;
        }
        throw new DataException("Cannot write data for topic " + topic + ": ByteArrayConverter takes bytes, found "
                + value.getClass() + ". Use another converter, such as JsonConverter");
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        return new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, bytes);
    }

    @Override
    public byte @Nullable [] fromConnectHeader(
            String topic, String headerKey, @Nullable Schema schema, @Nullable Object value) {
        return fromConnectData(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectHeader(String topic, String headerKey, byte @Nullable [] value) {
        return toConnectData(topic, value);
    }

    @Override
    public void close() {}
}
