/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** An option whose values are the constants of an enum, in any case. */
final class EnumOption {

    private EnumOption() {}

    static OptionType type(Class<?> enumClass) {
        Map<String, Object> byKey = new LinkedHashMap<>();
        List<String> spellings = new ArrayList<>();
        for (Object constant : enumClass.getEnumConstants()) {
            String spelling = spelling(constant);
            spellings.add(spelling);
            byKey.put(spelling.toLowerCase(Locale.ROOT), constant);
        }
        return new OptionType(
                ConfigDef.Type.STRING,
                new OneOf(byKey, Collections.unmodifiableList(spellings)),
                new Recommended(spellings),
                value -> byKey.get(((String) value).toLowerCase(Locale.ROOT)));
    }

    private static String spelling(Object constant) {
        return constant instanceof Spelled spelled
                ? spelled.spelling()
                : ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }

    private record OneOf(Map<String, Object> byKey, List<String> spellings) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value != null && !byKey.containsKey(((String) value).toLowerCase(Locale.ROOT))) {
                throw new ConfigException(name, value, "must be one of " + String.join(", ", spellings));
            }
        }

        @Override
        public String toString() {
            return "one of " + String.join(", ", spellings);
        }
    }

    private record Recommended(List<String> spellings) implements ConfigDef.Recommender {
        @Override
        public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
            return List.copyOf(spellings);
        }

        @Override
        public boolean visible(String name, Map<String, Object> parsedConfig) {
            return true;
        }
    }
}
