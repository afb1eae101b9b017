/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import io.levada.runtime.connector.ConnectorName;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/** The rules of single values among the keys that every connector has. */
final class KeyRules {
    private KeyRules() {}

    /** So long that the encoded name, at worst three characters for each byte, fits the request line beside the rest of a path. */
    private static final int NAME_BYTES_MAX = 4096;

    /** A name that every REST call can say. */
    static Validator connectorName() {
        return PluginKeys.validator("non-empty string without ISO control characters", (key, value) -> {
            if (value instanceof String name && name.isEmpty()) {
                throw new ConfigException(key, value, "String may not be empty");
            }
            if (value instanceof String name && name.chars().anyMatch(Character::isISOControl)) {
                throw new ConfigException(key, "(not shown)", "String may not contain control characters");
            }
            if (value instanceof String name) {
                checkAddressable(key, name);
            }
        });
    }

    private static void checkAddressable(String key, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (ConnectorName.isDots(name)) {
            throw new ConfigException(
                    key, name, "HTTP clients take . and .. out of paths, so that nobody could address the connector");
        }
        if (bytes.length > NAME_BYTES_MAX) {
            throw new ConfigException(
                    key,
                    name.substring(0, 40) + "...",
                    "The name has " + bytes.length + " bytes in UTF-8; at most " + NAME_BYTES_MAX
                            + " fit into the path of a request");
        }
        if (!new String(bytes, StandardCharsets.UTF_8).equals(name)) {
            throw new ConfigException(
                    key, "(not shown)", "String has half a surrogate pair, which no path and no topic can hold");
        }
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

    /** The name of a topic, as brokers take it. */
    static Validator topic() {
        return PluginKeys.validator("name of a topic", (key, value) -> {
            try {
                Topic.validate(String.valueOf(value));
            } catch (InvalidTopicException e) {
                throw new ConfigException(key, value, e.getMessage());
            }
        });
    }

    /** The rule of a key that may be left empty. */
    static Validator unlessEmpty(Validator rule) {
        return PluginKeys.validator(rule.toString(), (key, value) -> {
            if (value != null && !value.toString().isEmpty()) {
                rule.ensureValid(key, value);
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
