/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import io.levada.connect.api.PluginVersion;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/** Writes the text form of any value, and reads text: its schema is lost on the way. */
public final class StringConverter implements Converter, HeaderConverter, Versioned {

    private static final ConfigDef CONFIG_DEF = encoding(ConverterConfig.newConfigDef());

    /** Not {@link #CONFIG_DEF}: that demands the converter's type, which makes no difference here. */
    private static final ConfigDef ENCODING = encoding(new ConfigDef());

    private Charset charset = StandardCharsets.UTF_8;

    private static ConfigDef encoding(ConfigDef definition) {
        return definition.define(
                "converter.encoding",
                ConfigDef.Type.STRING,
                StandardCharsets.UTF_8.name(),
                new CharsetName(),
                ConfigDef.Importance.HIGH,
                "Name of the character set in which text is written and read.");
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
    public void configure(Map<String, ?> properties) {
        charset = Charset.forName(new AbstractConfig(ENCODING, properties, false).getString("converter.encoding"));
    }

    @Override
    public void configure(Map<String, ?> properties, boolean isKey) {
        configure(properties);
    }

    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        return value == null ? null : value.toString().getBytes(charset);
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] bytes) {
        return new SchemaAndValue(Schema.OPTIONAL_STRING_SCHEMA, bytes == null ? null : new String(bytes, charset));
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

    private static final class CharsetName implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            try {
                Charset.forName(String.valueOf(value));
            } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
                throw new ConfigException(name, value, "is no character set of this Java; one is UTF-8");
            }
        }

        @Override
        public String toString() {
            return "name of a character set";
        }
    }
}
