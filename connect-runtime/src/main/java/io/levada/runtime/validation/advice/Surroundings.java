/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What lies around a connector, by which a config that is valid may be found not to be meant.
 *
 * @param topics the names of the topics that exist; empty if they cannot be had in time. May block for some seconds; called on
 *     validation threads
 * @param valueConverter the settings of the worker's value converter, without their prefix
 */
public record Surroundings(Supplier<Optional<Set<String>>> topics, Map<String, String> valueConverter) {
    /** Where nothing is known. */
    public static final Surroundings UNKNOWN = new Surroundings(Optional::empty, Map.of());

    public Surroundings {
        valueConverter = Map.copyOf(valueConverter);
    }
}
