/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/** The rules of single values among the keys that every connector has. */
final class KeyRules {
    private KeyRules() {}

    static Validator connectorName() {
        return PluginKeys.validator("non-empty string without ISO control characters", (key, value) -> {
            if (value instanceof String name && name.isEmpty()) {
                throw new ConfigException(key, value, "String may not be empty");
            }
            if (value instanceof String name && name.chars().anyMatch(Character::isISOControl)) {
                throw new ConfigException(key, "(not shown)", "String may not contain control characters");
            }
        });
    }

    static Validator unique(String message) {
        return PluginKeys.validator("list without duplicates", (key, value) -> {
            if (value instanceof List<?> list && new HashSet<>(list).size() != list.size()) {
                throw new ConfigException(key, value, message);
            }
        });
    }

    static Validator topics() {
        return PluginKeys.validator("list of topics without duplicates", (key, value) -> {
            if (value instanceof List<?> list && new HashSet<>(list).size() != list.size()) {
                throw new ConfigException("Configuration 'topics' values must not be duplicated.");
            }
        });
    }

    /** The rule of a key that may be left unset. */
    static Validator unlessNull(Validator rule) {
        return PluginKeys.validator(rule.toString(), (key, value) -> {
            if (value != null) {
                rule.ensureValid(key, value);
            }
        });
    }

    static Validator regex() {
        return PluginKeys.validator("valid regex", (key, value) -> {
            try {
                Pattern.compile((String) value);
            } catch (PatternSyntaxException e) {
                throw new ConfigException(key, value, "Invalid regex: " + e.getMessage());
            }
        });
    }
}
