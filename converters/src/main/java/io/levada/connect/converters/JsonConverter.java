/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.levada.connect.api.PluginVersion;
import io.levada.connect.converters.JsonConverterConfig.DecimalFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.ConverterType;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/**
 * Converts to and from JSON, plain or with the schema in every message.
 *
 * <pre>
 * plain            {"id": 7, "price": 1.50}
 * schemas.enable   {"schema": {"type": "struct", ...}, "payload": {"id": 7, "price": 1.50}}
 * </pre>
 *
 * <p>The bytes are those of Apache's converter with the same configuration. The defaults are not: without any key set, this one writes plain
 * JSON with decimals as numbers.
 */
public final class JsonConverter implements Converter, HeaderConverter, Versioned {

    /** Bounds on what is read and written: nesting, and the lengths of texts and numbers, in characters. */
    private static final int DEPTH_MAX = 1000;

    private static final int STRING_LENGTH_MAX = 100_000_000;
    private static final int NUMBER_LENGTH_MAX = 1000;

    /** Its trees, of schemas only, keep decimals exact for the sake of default values. */
    private static final ObjectMapper MAPPER = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(STRING_LENGTH_MAX)
                            .maxNumberLength(NUMBER_LENGTH_MAX)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .rootValueSeparator((String) null) // one generator writes many messages
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonEncoder encoder = new JsonEncoder(MAPPER, new ValueWriters(DecimalFormat.NUMERIC, true), false, 1);
    private JsonDecoder decoder = new JsonDecoder.Plain(MAPPER, null, new SchemalessReader());

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public ConfigDef config() {
        return JsonConverterConfig.CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        JsonConverterConfig config = new JsonConverterConfig(properties);
        boolean replaceNulls = config.replaceNullWithDefault();
        encoder = new JsonEncoder(
                MAPPER,
                new ValueWriters(config.decimalFormat(), replaceNulls),
                config.schemasEnabled(),
                config.schemaCacheSize());
        decoder = decoder(config, new ValueReaders(replaceNulls));
    }

    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        Map<String, Object> typed = new HashMap<>(properties);
        typed.put(ConverterConfig.TYPE_CONFIG, (isKey ? ConverterType.KEY : ConverterType.VALUE).getName());
        configure(typed);
    }

    private static JsonDecoder decoder(JsonConverterConfig config, ValueReaders readers) {
        String content = config.schemaContent();
        if (!config.schemasEnabled()) {
            return new JsonDecoder.Plain(MAPPER, null, readers.of(null));
        } else if (content == null) {
            return new EnvelopeDecoder(MAPPER, readers, config.schemaCacheSize());
        }
        Schema schema = schema(content, readers);
        return new JsonDecoder.Plain(MAPPER, schema, readers.of(schema));
    }

    private static @Nullable Schema schema(String content, ValueReaders readers) {
        try {
            return new SchemaParser(MAPPER, readers).parse(MAPPER.readTree(content));
        } catch (JsonProcessingException | DataException e) {
            throw new ConfigException("schema.content", content, "is no schema in JSON: " + e.getMessage());
        }
    }

    /** @throws DataException if the data does not fit the schema, or has no form in JSON */
    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (schema == null && value == null) {
            return null;
        }
        try {
            return encoder.encode(schema, value);
        } catch (ClassCastException e) {
            throw new DataException(
                    "Cannot write data for topic " + topic + " as JSON: a value is not of its schema's type", e);
        } catch (IOException e) {
            throw new DataException("Cannot write data for topic " + topic + " as JSON", e);
        }
    }

    /** @throws DataException if the bytes are no JSON, or do not fit the schema */
    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return SchemaAndValue.NULL;
        }
        try {
            return decoder.decode(bytes);
        } catch (IOException e) {
            throw new DataException("Cannot read a message of topic " + topic + ": it is not JSON", e);
        }
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
