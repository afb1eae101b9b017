/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.jspecify.annotations.Nullable;

/** The keys of {@link JsonConverter}. */
final class JsonConverterConfig extends ConverterConfig {

    static final ConfigDef CONFIG_DEF = ConverterConfig.newConfigDef()
            .define(
                    "schemas.enable",
                    ConfigDef.Type.BOOLEAN,
                    false,
                    ConfigDef.Importance.HIGH,
                    "Whether each message is {\"schema\": ..., \"payload\": ...} (true) or the plain data (false).",
                    "Schemas",
                    0,
                    ConfigDef.Width.MEDIUM,
                    "Enable schemas")
            .define(
                    "schemas.cache.size",
                    ConfigDef.Type.INT,
                    1000,
                    ConfigDef.Range.atLeast(1),
                    ConfigDef.Importance.HIGH,
                    "How many schemas to keep translated, in each direction.",
                    "Schemas",
                    1,
                    ConfigDef.Width.MEDIUM,
                    "Schema cache size")
            .define(
                    "schema.content",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.HIGH,
                    "A schema, in the form it has in messages, for every message that is read: the messages are then the plain data. "
                            + "Only with schemas.enable=true; what is written is not affected.",
                    "Schemas",
                    2,
                    ConfigDef.Width.MEDIUM,
                    "Schema content")
            .define(
                    "decimal.format",
                    ConfigDef.Type.STRING,
                    DecimalFormat.NUMERIC.name(),
                    ConfigDef.CaseInsensitiveValidString.in(DecimalFormat.BASE64.name(), DecimalFormat.NUMERIC.name()),
                    ConfigDef.Importance.LOW,
                    "How decimals are written: NUMERIC as JSON numbers, BASE64 as the encoded bytes of the unscaled value. "
                            + "Both are read.",
                    "Serialization",
                    0,
                    ConfigDef.Width.MEDIUM,
                    "Decimal format")
            .define(
                    "replace.null.with.default",
                    ConfigDef.Type.BOOLEAN,
                    true,
                    ConfigDef.Importance.LOW,
                    "Whether a null field whose schema has a default is written and read as that default (true) or as null (false).",
                    "Serialization",
                    1,
                    ConfigDef.Width.MEDIUM,
                    "Replace null with default");

    enum DecimalFormat {
        BASE64,
        NUMERIC
    }

    JsonConverterConfig(Map<String, ?> properties) {
        super(CONFIG_DEF, properties);
    }

    boolean schemasEnabled() {
        return getBoolean("schemas.enable");
    }

    int schemaCacheSize() {
        return getInt("schemas.cache.size");
    }

    /** The fixed schema as JSON text, or null if messages carry their own. */
    @Nullable
    String schemaContent() {
        String content = getString("schema.content");
        return content == null || content.isEmpty() ? null : content;
    }

    DecimalFormat decimalFormat() {
        return DecimalFormat.valueOf(getString("decimal.format").toUpperCase(Locale.ROOT));
    }

    boolean replaceNullWithDefault() {
        return getBoolean("replace.null.with.default");
    }
}
