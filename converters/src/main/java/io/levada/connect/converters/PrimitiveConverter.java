/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import io.levada.connect.api.PluginVersion;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/**
 * What the converters of single numbers and booleans share: the bytes of Kafka's own serializers, and null for null.
 *
 * @param <T> the one class of value
 */
abstract sealed class PrimitiveConverter<T> implements Converter, HeaderConverter, Versioned
        permits BooleanConverter, ShortConverter, IntegerConverter, LongConverter, FloatConverter, DoubleConverter {

    private static final ConfigDef CONFIG_DEF = ConverterConfig.newConfigDef();

    private final Class<T> type;
    private final Schema schema;
    private final Serde<T> serde;

    /** @param schema of what is read; optional */
    PrimitiveConverter(Class<T> type, Schema schema, Serde<T> serde) {
        this.type = type;
        this.schema = schema;
        this.serde = serde;
    }

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

    /**
     * Looks at the value alone, as Apache's converters of numbers do: a null, such as the key of a record without one, may come under
     * any schema.
     *
     * @throws DataException if the value is of another type
     */
    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema actual, @Nullable Object value) {
        if (value != null && !type.isInstance(value)) {
            throw new DataException(refusal(topic) + ", found " + value.getClass());
        }
        return serde.serializer().serialize(topic, type.cast(value));
    }

    /** The beginning of a message that says why data cannot be written. */
    final String refusal(String topic) {
        return "Cannot write data for topic " + topic + ": " + getClass().getSimpleName() + " takes " + schema.type();
    }

    /** @throws DataException if the bytes are not as many as the type has, or no such value */
    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        try {
            return new SchemaAndValue(schema, serde.deserializer().deserialize(topic, bytes));
        } catch (SerializationException e) {
            throw new DataException("Cannot read a message of topic " + topic + " as " + schema.type(), e);
        }
    }

    @Override
    public byte @Nullable [] fromConnectHeader(
            String topic, String headerKey, @Nullable Schema actual, @Nullable Object value) {
        return fromConnectData(topic, actual, value);
    }

    @Override
    public SchemaAndValue toConnectHeader(String topic, String headerKey, byte @Nullable [] value) {
        return toConnectData(topic, value);
    }

    @Override
    public void close() {}
}
