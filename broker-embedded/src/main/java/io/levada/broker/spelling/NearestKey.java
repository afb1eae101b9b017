/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the key that was probably meant. */
public final class NearestKey {
    private static final int MISTAKES_MAX = 6;

    private NearestKey() {}

    /** The one of {@code known} that {@code wrong} is nearest to, if it is near. */
    public static Optional<String> to(String wrong, Collection<String> known) {
        return known.stream()
                .filter(key -> distance(wrong, key) <= MISTAKES_MAX)
                .min(Comparator.comparingInt((String key) -> distance(wrong, key))
                        .thenComparing(key -> key));
    }

    /** How many letters must be added, dropped or changed to come from one to the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] current = new int[to.length() + 1];
            current[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(previous[j - 1] + change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[to.length()];
    }
}
