/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.lang.reflect.RecordComponent;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * How a Java type stands in a {@link ConfigDef}: the definition's type, the check of a parsed value, and the way from the parsed
 * value to the component's.
 */
record OptionType(
        ConfigDef.Type type,
        ConfigDef.@Nullable Validator validator,
        ConfigDef.@Nullable Recommender recommender,
        Function<Object, ?> conversion) {

    private static final Map<Class<?>, OptionType> BY_CLASS = Map.ofEntries(
            Map.entry(boolean.class, plain(ConfigDef.Type.BOOLEAN)),
            Map.entry(Boolean.class, plain(ConfigDef.Type.BOOLEAN)),
            Map.entry(short.class, plain(ConfigDef.Type.SHORT)),
            Map.entry(Short.class, plain(ConfigDef.Type.SHORT)),
            Map.entry(int.class, plain(ConfigDef.Type.INT)),
            Map.entry(Integer.class, plain(ConfigDef.Type.INT)),
            Map.entry(long.class, plain(ConfigDef.Type.LONG)),
            Map.entry(Long.class, plain(ConfigDef.Type.LONG)),
            Map.entry(double.class, plain(ConfigDef.Type.DOUBLE)),
            Map.entry(Double.class, plain(ConfigDef.Type.DOUBLE)),
            Map.entry(String.class, plain(ConfigDef.Type.STRING)),
            Map.entry(java.util.List.class, plain(ConfigDef.Type.LIST)),
            Map.entry(Class.class, plain(ConfigDef.Type.CLASS)),
            Map.entry(Password.class, plain(ConfigDef.Type.PASSWORD)),
            Map.entry(
                    Duration.class,
                    new OptionType(
                            ConfigDef.Type.LONG, new NotNegative(), null, value -> Duration.ofMillis((Long) value))),
            Map.entry(Path.class, written(Path::of, "a path")),
            Map.entry(ZoneId.class, written(ZoneId::of, "a time zone such as UTC or Europe/Lisbon")),
            Map.entry(Charset.class, written(Charset::forName, "a character set such as UTF-8")),
            Map.entry(Pattern.class, written(Pattern::compile, "a regular expression")));

    static OptionType of(RecordComponent component) {
        Class<?> type = component.getType();
        if (type.isEnum()) {
            return EnumOption.type(type);
        }
        OptionType known = BY_CLASS.get(type);
        if (known == null) {
            throw new IllegalArgumentException(
                    "option " + component.getName() + " has a type that no option has: " + type);
        }
        return known;
    }

    @Nullable
    Object fromParsed(@Nullable Object value) {
        return value == null ? null : conversion.apply(value);
    }

    private static OptionType plain(ConfigDef.Type type) {
        return new OptionType(type, null, null, value -> value);
    }

    /** A type that is written as a string and parsed by {@code parser}, whose failures are the user's. */
    private static OptionType written(Function<String, ?> parser, String what) {
        return new OptionType(
                ConfigDef.Type.STRING, new Parses(parser, what), null, value -> parser.apply((String) value));
    }

    private record Parses(Function<String, ?> parser, String what) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value == null) {
                return;
            }
            try {
                Object unused = parser.apply((String) value);
            } catch (RuntimeException e) {
                throw new ConfigException(name, value, "must be " + what + ": " + e.getMessage());
            }
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private record NotNegative() implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value instanceof Long millis && millis < 0) {
                throw new ConfigException(name, value, "must be a number of milliseconds, at least 0");
            }
        }

        @Override
        public String toString() {
            return "milliseconds, at least 0";
        }
    }
}
