/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.spelling;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Finds the names that somebody may have meant. Names resemble each other if few letters differ, measured by their length, or if one
 * is the other with words missing at an end: {@code user} and {@code connection.user}. Case, and which of {@code . - _} parts the
 * words, count for nothing. What resembles nothing gets no suggestion.
 */
public final class Spelling {
    /** More suggestions than this help nobody. */
    private static final int SUGGESTIONS_MAX = 3;
    /** Beyond this, names are not compared: no key or topic is as long, and time grows with the square. */
    private static final int LENGTH_MAX = 250;

    private static final Pattern WORD_STARTS = Pattern.compile("(?<=[a-z])(?=[A-Z])|[._-]+");

    private Spelling() {}

    /** The names among {@code known} that {@code written} may stand for, best first, at most {@value #SUGGESTIONS_MAX}; often none. */
    public static List<String> nearest(String written, Collection<String> known) {
        String plain = plain(written);
        List<Candidate> candidates = known.stream()
                .distinct()
                .filter(name -> !name.equals(written))
                .flatMap(name -> difference(plain, plain(name)).stream().mapToObj(cost -> new Candidate(name, cost)))
                .sorted(Comparator.comparingInt(Candidate::cost).thenComparing(Candidate::name))
                .toList();
        return candidates.stream()
                .filter(candidate -> candidate.cost <= candidates.get(0).cost + 1)
                .limit(SUGGESTIONS_MAX)
                .map(Candidate::name)
                .toList();
    }

    /** The best of {@link #nearest}. */
    public static Optional<String> best(String written, Collection<String> known) {
        return nearest(written, known).stream().findFirst();
    }

    /** As {@link #nearest}, for a name whose first words were meant to be one of the {@code prefixes}, each with its last dot. */
    public static List<String> nearestPrefix(String written, Collection<String> prefixes) {
        return prefixes.stream()
                .flatMap(prefix -> {
                    int end = endOfWords(
                            written, prefix.chars().filter(c -> c == '.').count());
                    return best(written.substring(0, end), List.of(prefix)).stream()
                            .map(meant -> meant + written.substring(end));
                })
                .sorted()
                .limit(SUGGESTIONS_MAX)
                .toList();
    }

    /** Where the given number of words ends, behind the dot; 0 if there are not so many, or nothing follows. */
    private static int endOfWords(String name, long words) {
        int end = 0;
        for (long word = 0; word < words; word++) {
            int dot = name.indexOf('.', end);
            if (dot < 0 || dot + 1 == name.length()) {
                return 0;
            }
            end = dot + 1;
        }
        return end;
    }

    private record Candidate(String name, int cost) {}

    /** How far two names are apart; empty if they have nothing to do with each other. */
    private static OptionalInt difference(String written, String name) {
        if (written.length() > LENGTH_MAX || name.length() > LENGTH_MAX) {
            return OptionalInt.empty();
        }
        int mistakes = mistakesMax(Math.min(written.length(), name.length()));
        if (Math.abs(written.length() - name.length()) <= mistakes) {
            int distance = distance(written, name);
            if (distance <= mistakes) {
                return OptionalInt.of(distance);
            }
        }
        // Words that are missing are a worse match than any mistyped letter.
        return lacksWords(written, name) || lacksWords(name, written)
                ? OptionalInt.of(LENGTH_MAX + Math.abs(written.length() - name.length()))
                : OptionalInt.empty();
    }

    private static int mistakesMax(int length) {
        return length < 3 ? 0 : Math.max(1, length * 2 / 7);
    }

    private static boolean lacksWords(String few, String many) {
        return few.length() >= 3 && (many.startsWith(few + ".") || many.endsWith("." + few));
    }

    private static String plain(String name) {
        return WORD_STARTS.matcher(name).replaceAll(".").toLowerCase(Locale.ROOT);
    }

    /**
     * The number of characters to insert, delete, replace, or swap with their neighbour, to come from one text to the other
     * (Damerau and Levenshtein, optimal string alignment).
     */
    public static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}
