/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.infos;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key with its definition and its value.
 *
 * @param definition null if nobody defines the key
 * @param value null if the connector's own validation left it out
 */
public record ConfigInfo(
        @Nullable Definition definition, @Nullable Value value) {

    /**
     * How a key is defined.
     *
     * @param defaultValue as text; null if required or null by default
     * @param group null if the plugin gave none
     * @param orderInGroup -1 if the plugin gave none
     */
    public record Definition(
            String name,
            String type,
            boolean required,
            @Nullable String defaultValue,
            String importance,
            @Nullable String documentation,
            @Nullable String group,
            int orderInGroup,
            String width,
            String displayName,
            List<String> dependents) {
        public Definition {
            dependents = List.copyOf(dependents);
        }

        /** With the default that another project's name for the plugin promises, if it promises one for this key. */
        public Definition withPromised(Map<String, String> defaults) {
            String promised = defaults.get(name);
            return promised == null ? this : withDefault(promised);
        }

        public Definition withDocumentation(String text) {
            return new Definition(
                    name,
                    type,
                    required,
                    defaultValue,
                    importance,
                    text,
                    group,
                    orderInGroup,
                    width,
                    displayName,
                    dependents);
        }

        Definition withDefault(String value) {
            return new Definition(
                    name,
                    type,
                    false,
                    value,
                    importance,
                    documentation,
                    group,
                    orderInGroup,
                    width,
                    displayName,
                    dependents);
        }
    }

    /**
     * What a key is set to.
     *
     * @param value as text, {@code [hidden]} for a secret; null if unset or unreadable
     */
    public record Value(
            String name, @Nullable String value, List<String> recommendedValues, List<String> errors, boolean visible) {
        public Value {
            recommendedValues = List.copyOf(recommendedValues);
            errors = List.copyOf(errors);
        }

        public Value withErrors(List<String> others) {
            return new Value(name, value, recommendedValues, others, visible);
        }
    }
}
