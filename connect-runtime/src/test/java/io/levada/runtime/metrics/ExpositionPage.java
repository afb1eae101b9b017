/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A page in Prometheus's text format 0.0.4, read as strictly as its description has it: a family's samples stand together under one HELP and one TYPE
 * line, no series is there twice, and names, labels and numbers are well formed.
 */
public final class ExpositionPage {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|[-+0-9.eE]+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary", "untyped");

    private final Map<String, String> types = new HashMap<>();
    private final Set<String> helped = new HashSet<>();
    private final Map<Sample, Double> samples = new LinkedHashMap<>();
    private final Set<String> closed = new HashSet<>();
    private String current = "";

    /** One series. */
    public record Sample(String name, Map<String, String> labels) {}

    private ExpositionPage() {}

    /** Reads a page; throws {@link AssertionError} that shows the line if it is not one. */
    public static ExpositionPage parse(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("The last line does not end");
        }
        ExpositionPage page = new ExpositionPage();
        Stream.of(text.substring(0, text.length() - 1).split("\n", -1)).forEach(page::line);
        return page;
    }

    private void line(String line) {
        Matcher comment = COMMENT.matcher(line);
        if (comment.matches()) {
            comment(comment, line);
            return;
        }
        Matcher sample = SAMPLE.matcher(line);
        check(sample.matches(), "is no sample", line);
        enter(familyOf(sample.group(1)), line);
        Map<String, String> labels = labels(sample.group(2), line);
        check(
                samples.put(new Sample(sample.group(1), labels), number(sample.group(3))) == null,
                "is a series that was there",
                line);
    }

    private void comment(Matcher comment, String line) {
        String family = comment.group(2);
        enter(family, line);
        if (comment.group(1).equals("HELP")) {
            check(helped.add(family), "is a second HELP", line);
        } else {
            check(TYPES.contains(comment.group(3)), "is no type", line);
            check(types.put(family, comment.group(3)) == null, "is a second TYPE", line);
            check(samples.keySet().stream().noneMatch(known -> known.name.equals(family)), "comes too late", line);
        }
    }

    private void enter(String family, String line) {
        if (!family.equals(current)) {
            check(!closed.contains(family), "belongs to a family that has ended", line);
            closed.add(current);
            current = family;
        }
    }

    /** Histograms and summaries have samples with other names than their own. */
    private String familyOf(String sample) {
        return List.of("_bucket", "_sum", "_count", "_max").stream()
                .filter(sample::endsWith)
                .map(suffix -> sample.substring(0, sample.length() - suffix.length()))
                .filter(base -> "histogram".equals(types.get(base)) || "summary".equals(types.get(base)))
                .findFirst()
                .orElse(sample);
    }

    private static Map<String, String> labels(@Nullable String written, String line) {
        Map<String, String> labels = new HashMap<>();
        int at = 0;
        Matcher label = LABEL.matcher(written == null ? "" : written);
        while (written != null && at < written.length()) {
            check(label.find(at) && label.start() == at, "has a bad label", line);
            check(!label.group(1).startsWith("__"), "has a label of Prometheus's own", line);
            check(labels.put(label.group(1), label.group(2)) == null, "has a label twice", line);
            at = label.end();
            if (at < written.length()) {
                check(written.charAt(at) == ',', "lacks a comma", line);
                at++;
            }
        }
        return labels;
    }

    private static double number(String written) {
        return switch (written) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(written);
        };
    }

    private static void check(boolean holds, String otherwise, String line) {
        if (!holds) {
            throw new AssertionError("This line " + otherwise + ": " + line);
        }
    }

    /** The names of all families that have samples. */
    public Set<String> families() {
        Set<String> families = new LinkedHashSet<>();
        samples.keySet().forEach(sample -> families.add(familyOf(sample.name)));
        return families;
    }

    /** Every sample's own name. */
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        samples.keySet().forEach(sample -> names.add(sample.name));
        return names;
    }

    /** The type of a family; null if the page says none. */
    public @Nullable String type(String family) {
        return types.get(family);
    }

    /** The value of a series; null if it is not there. */
    public @Nullable Double value(String name, Map<String, String> labels) {
        return samples.get(new Sample(name, labels));
    }

    /** All labels of the series of this name. */
    public List<Map<String, String>> labelsOf(String name) {
        return samples.keySet().stream()
                .filter(sample -> sample.name.equals(name))
                .map(Sample::labels)
                .toList();
    }
}
