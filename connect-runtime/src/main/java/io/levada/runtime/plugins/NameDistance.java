/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** How far apart two names are, to suggest what somebody meant. */
public final class NameDistance {
    private NameDistance() {}

    /** The name among {@code known} that is nearest to {@code name}, if it is near enough to have been meant. */
    public static Optional<String> nearest(String name, Collection<String> known) {
        return known.stream()
                .filter(other -> between(name, other) <= Math.max(2, name.length() / 4))
                .min(Comparator.comparingInt((String other) -> between(name, other))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Distance of two class names: that of the simple names, as packages are seldom what was mistyped. */
    static int ofClasses(String a, String b) {
        return between(a.substring(a.lastIndexOf('.') + 1), b.substring(b.lastIndexOf('.') + 1));
    }

    /** The number of characters to insert, delete or replace (Levenshtein). */
    static int between(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
