/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import io.levada.runtime.spelling.Spelling;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A key of a config that nobody reads.
 *
 * @param nearest the keys that may have been meant, best first; often none
 * @param advice one sentence; holds no value
 */
record UnknownKey(String key, List<String> nearest, String advice) {
    UnknownKey {
        nearest = List.copyOf(nearest);
    }

    /**
     * Where others may read keys of their own, only a key that resembles a known one is told.
     *
     * @param prefix of the key, which {@code settings} do not have
     * @param of whose settings they are, as in {@code the client's settings}
     */
    static Optional<UnknownKey> resembling(String key, String prefix, Collection<String> settings, String of) {
        String setting = key.substring(prefix.length());
        if (settings.contains(setting)) {
            return Optional.empty();
        }
        List<String> nearest =
                Spelling.nearest(setting, settings).stream().map(prefix::concat).toList();
        return nearest.isEmpty()
                ? Optional.empty()
                : Optional.of(new UnknownKey(
                        key, nearest, "The key " + key + " is not among " + of + "." + didYouMean(nearest)));
    }

    /** A question for the end of a sentence, with a space in front; empty if there is nothing to suggest. */
    static String didYouMean(List<String> nearest) {
        return nearest.isEmpty() ? "" : " Did you mean " + String.join(" or ", nearest) + "?";
    }
}
