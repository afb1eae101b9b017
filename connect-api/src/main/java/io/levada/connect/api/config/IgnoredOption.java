/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A key that another implementation of a connector has, and which may be set here to values that ask for nothing that is not so
 * anyway.
 *
 * @param reason why it has no effect, or what holds instead
 * @param values those that may be set, in any case; empty for all. A blank one asks for nothing and may always be
 */
public record IgnoredOption(String name, String reason, List<String> values) {

    public IgnoredOption {
        values = List.copyOf(values);
    }

    /** One of which only some values may be set. */
    public static IgnoredOption of(String name, String reason, String... values) {
        return new IgnoredOption(name, reason, List.of(values));
    }

    ConfigDef.ConfigKey key() {
        return OptionKey.ofAnother(name, "Without effect", reason, new Allowed(reason, values));
    }

    private record Allowed(String reason, List<String> values) implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            String asked = value == null ? "" : value.toString().strip().toLowerCase(Locale.ROOT);
            if (asked.isEmpty() || values.isEmpty()) {
                return;
            }
            if (values.stream().noneMatch(each -> each.toLowerCase(Locale.ROOT).equals(asked))) {
                throw new ConfigException(
                        name,
                        value,
                        "is not supported by this connector: " + reason + ". Remove it, or set it to "
                                + String.join(" or ", values));
            }
        }

        @Override
        public String toString() {
            return values.isEmpty() ? "anything" : "only " + String.join(", ", values);
        }
    }
}
