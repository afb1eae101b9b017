/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Turns an annotated record component into a key of a {@link ConfigDef}. */
final class OptionKey {

    private OptionKey() {}

    static ConfigDef.ConfigKey of(RecordComponent component, Option option, int orderInGroup) {
        OptionType type = OptionType.of(component);
        if (option.optional() && component.getType().isPrimitive()) {
            throw new IllegalArgumentException("optional option " + option.name() + " needs a type that can be null");
        }
        return new ConfigDef.ConfigKey(
                option.name(),
                type.type(),
                defaultOf(option),
                validator(type, option),
                option.importance(),
                option.doc(),
                option.group(),
                orderInGroup,
                option.width(),
                option.displayName().isEmpty() ? label(option.name()) : option.displayName(),
                List.of(option.dependents()),
                recommender(type, option),
                false);
    }

    /** A key of another implementation's, which is no component of the record. */
    static ConfigDef.ConfigKey ofAnother(String name, String group, String reason, ConfigDef.Validator validator) {
        return new ConfigDef.ConfigKey(
                name,
                ConfigDef.Type.STRING,
                null,
                validator,
                ConfigDef.Importance.LOW,
                group + ": " + reason,
                group,
                -1,
                ConfigDef.Width.NONE,
                name,
                List.of(),
                null,
                false);
    }

    private static @Nullable Object defaultOf(Option option) {
        if (option.optional()) {
            return null;
        }
        return option.defaultValue().equals(Option.NONE) ? ConfigDef.NO_DEFAULT_VALUE : option.defaultValue();
    }

    private static ConfigDef.@Nullable Validator validator(OptionType type, Option option) {
        List<ConfigDef.Validator> checks = new ArrayList<>();
        if (type.validator() != null) {
            checks.add(type.validator());
        }
        if (option.min() != Long.MIN_VALUE || option.max() != Long.MAX_VALUE) {
            checks.add(new Bounds(option.min(), option.max()));
        }
        if (option.validator() != ConfigDef.Validator.class) {
            checks.add(create(option.validator()));
        }
        return switch (checks.size()) {
            case 0 -> null;
            case 1 -> checks.get(0);
            default -> ConfigDef.CompositeValidator.of(checks.toArray(ConfigDef.Validator[]::new));
        };
    }

    private static ConfigDef.@Nullable Recommender recommender(OptionType type, Option option) {
        return option.recommender() == ConfigDef.Recommender.class ? type.recommender() : create(option.recommender());
    }

    private static <C> C create(Class<C> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " needs a public constructor without arguments", e);
        }
    }

    /** {@code batch.max.rows} becomes {@code Batch max rows}. */
    private static String label(String name) {
        String words = name.replace('.', ' ').replace('_', ' ').replace('-', ' ');
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Numbers between two bounds, both included. */
    private record Bounds(long min, long max) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            if (value instanceof Number number && (number.doubleValue() < min || number.doubleValue() > max)) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        @Override
        public String toString() {
            if (max == Long.MAX_VALUE) {
                return "at least " + min;
            }
            return min == Long.MIN_VALUE ? "at most " + max : "between " + min + " and " + max;
        }
    }
}
