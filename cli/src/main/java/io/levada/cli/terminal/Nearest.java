/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import io.levada.runtime.spelling.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the word that was probably meant. */
public final class Nearest {
    private static final int SUGGESTIONS_MAX = 3;
    private static final int MISTAKES_MAX = 3;
    private static final int LETTERS_PER_MISTAKE = 3;
    private static final int BEGINNING_MIN = 3;

    private Nearest() {}

    /** The words of {@code known} that {@code wrong} may be a slip or the beginning of, the nearest first; at most three. */
    public static List<String> to(String wrong, Collection<String> known) {
        int mistakes = Math.max(1, Math.min(MISTAKES_MAX, wrong.length() / LETTERS_PER_MISTAKE));
        return known.stream()
                .distinct()
                .filter(word -> mistakes(wrong, word) <= mistakes || isBeginning(wrong, word))
                .sorted(Comparator.comparingInt((String word) -> mistakes(wrong, word))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SUGGESTIONS_MAX)
                .toList();
    }

    /** "Did you mean a, b or c?" of the nearest words, each between {@code quote}s; empty when none is near. */
    public static String question(String wrong, Collection<String> known, String quote) {
        return question(to(wrong, known), quote);
    }

    static String question(List<String> words, String quote) {
        if (words.isEmpty()) {
            return "";
        }
        List<String> quoted = words.stream().map(word -> quote + word + quote).toList();
        String last = quoted.get(quoted.size() - 1);
        String all =
                quoted.size() == 1 ? last : String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + last;
        return "Did you mean " + all + "?";
    }

    private static boolean isBeginning(String wrong, String word) {
        return wrong.length() >= BEGINNING_MIN && word.startsWith(wrong.toLowerCase(Locale.ROOT));
    }

    /** Upper and lower case are the same. */
    private static int mistakes(String wrong, String word) {
        return Spelling.distance(wrong.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT));
    }
}
