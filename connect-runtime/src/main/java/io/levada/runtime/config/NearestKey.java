/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the key that somebody who wrote another one may have meant. */
final class NearestKey {
    /** More different letters than this, and the two have nothing to do with each other. */
    private static final int DISTANCE_MAX = 8;

    private NearestKey() {}

    static Optional<String> to(String written, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String key) -> distance(written, key))
                        .thenComparing(key -> key))
                .filter(key -> distance(written, key) <= Math.min(DISTANCE_MAX, written.length() / 2));
    }

    /** Levenshtein's distance: insertions, deletions and replacements from one text to the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
