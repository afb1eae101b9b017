/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a plugin will do, in Maven's notation as KIP-891 has it: {@code [1.0,2.0)}, {@code (,1.5]}, {@code [1.2]},
 * {@code [1,2),[3,)}. A bare version means exactly that one.
 */
record VersionRange(List<Interval> intervals) {
    private static final Pattern INTERVAL =
            Pattern.compile("\\s*([\\[(])([^,\\[\\]()]*)(,?)([^,\\[\\]()]*)([\\])])\\s*(?:,|$)");

    /** Versions between two bounds; a null bound is open. */
    private record Interval(
            @Nullable PluginVersion from,
            boolean fromIncluded,
            @Nullable PluginVersion to,
            boolean toIncluded) {
        boolean contains(PluginVersion version) {
            int low = from == null ? 1 : version.compareTo(from);
            int high = to == null ? -1 : version.compareTo(to);
            return (low > 0 || (low == 0 && fromIncluded)) && (high < 0 || (high == 0 && toIncluded));
        }
    }

    /** Throws {@link IllegalArgumentException} if the text is neither a version nor a range. */
    static VersionRange parse(String text) {
        String trimmed = text.trim();
        if (!trimmed.startsWith("[") && !trimmed.startsWith("(")) {
            if (trimmed.isEmpty() || trimmed.matches(".*[\\[\\](),].*")) {
                throw invalid(text);
            }
            PluginVersion exact = PluginVersion.parse(trimmed);
            return new VersionRange(List.of(new Interval(exact, true, exact, true)));
        }
        List<Interval> intervals = new ArrayList<>();
        Matcher matcher = INTERVAL.matcher(trimmed);
        int at = 0;
        while (at < trimmed.length() && matcher.find(at) && matcher.start() == at) {
            intervals.add(interval(matcher, text));
            at = matcher.end();
        }
        if (at != trimmed.length() || intervals.isEmpty()) {
            throw invalid(text);
        }
        return new VersionRange(List.copyOf(intervals));
    }

    private static Interval interval(Matcher matcher, String text) {
        String from = matcher.group(2).trim();
        String to = matcher.group(4).trim();
        boolean single = matcher.group(3).isEmpty();
        if (single && (from.isEmpty() || !to.isEmpty())) {
            throw invalid(text);
        }
        PluginVersion low = from.isEmpty() ? null : PluginVersion.parse(from);
        PluginVersion high = single ? low : to.isEmpty() ? null : PluginVersion.parse(to);
        return new Interval(
                low, matcher.group(1).equals("["), high, matcher.group(5).equals("]"));
    }

    static boolean isValid(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no version range; write for example 1.2.3, [1.0,2.0) or [1.5,)");
    }

    boolean contains(PluginVersion version) {
        return intervals.stream().anyMatch(interval -> interval.contains(version));
    }
}
