/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version that can be compared as Maven compares them: numbers by value, {@code alpha} to {@code SNAPSHOT} before the release, other
 * words after it.
 */
record PluginVersion(List<Part> parts) implements Comparable<PluginVersion> {
    private static final Pattern PART = Pattern.compile("\\d+|[a-zA-Z]+");
    private static final List<String> BEFORE_RELEASE = List.of("alpha", "beta", "milestone", "rc", "snapshot");
    private static final int RELEASE = BEFORE_RELEASE.size();
    private static final Part NOTHING = new Part(RELEASE, 0, "");

    /** One run of digits or letters. A number other than 0 is after the end of a version, a qualifier before it. */
    private record Part(int rank, long number, String word) implements Comparable<Part> {
        static Part of(String text) {
            if (Character.isDigit(text.charAt(0))) {
                long value = Long.parseLong(text.length() > 18 ? text.substring(0, 18) : text);
                return value == 0 ? NOTHING : new Part(RELEASE + 2, value, "");
            }
            String word = text.toLowerCase(Locale.ROOT);
            String known = word.equals("cr") ? "rc" : word;
            int rank = BEFORE_RELEASE.indexOf(known);
            boolean release = known.equals("final") || known.equals("ga") || known.equals("release");
            return release ? NOTHING : new Part(rank >= 0 ? rank : RELEASE + 1, 0, known);
        }

        @Override
        public int compareTo(Part other) {
            int byRank = Integer.compare(rank, other.rank);
            int byNumber = byRank != 0 ? byRank : Long.compare(number, other.number);
            return byNumber != 0 ? byNumber : word.compareTo(other.word);
        }
    }

    static PluginVersion parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(text);
        while (matcher.find()) {
            parts.add(Part.of(matcher.group()));
        }
        return new PluginVersion(List.copyOf(parts));
    }

    @Override
    public int compareTo(PluginVersion other) {
        for (int i = 0; i < Math.max(parts.size(), other.parts.size()); i++) {
            Part mine = i < parts.size() ? parts.get(i) : NOTHING;
            Part theirs = i < other.parts.size() ? other.parts.get(i) : NOTHING;
            int order = mine.compareTo(theirs);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
