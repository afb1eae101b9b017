/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.diagnosis.MaskedFailure;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What config providers gave for a config, each value with the reference that it came from: puts the references back where a text quotes
 * the values, because plugins tell in their messages what they were configured with. Immutable.
 *
 * @param secrets from the longest to the shortest, so that no part of one remains because another begins the same
 */
public record Resolved(SortedMap<String, String> secrets) {
    /** Of a config without references. */
    public static final Resolved NOTHING = new Resolved(new TreeMap<>());

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}");
    /** What is shorter is found in any text, and is no secret. */
    private static final int CHARS_MIN = 4;

    public Resolved {
        SortedMap<String, String> sorted =
                new TreeMap<>(Comparator.comparingInt(String::length).reversed().thenComparing(Function.identity()));
        sorted.putAll(secrets);
        secrets = Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * What the values of a config became.
     *
     * @param given with references
     * @param resolved the same config after they were replaced
     */
    public static Resolved between(Map<String, @Nullable String> given, Map<String, @Nullable String> resolved) {
        SortedMap<String, String> secrets = new TreeMap<>();
        given.forEach((key, value) -> {
            String real = resolved.get(key);
            if (value != null && real != null && !real.trim().isEmpty() && !value.equals(real)) {
                put(secrets, real, value);
                putParts(secrets, value, real);
            }
        });
        return secrets.isEmpty() ? NOTHING : new Resolved(secrets);
    }

    /** What each reference of a value stands for, where the value is more than that: a message may quote the secret alone. */
    private static void putParts(Map<String, String> secrets, String value, String real) {
        String before = "";
        int end = 0;
        int place = 0;
        Matcher reference = REFERENCE.matcher(value);
        while (reference.find()) {
            String text = value.substring(end, reference.start());
            int found = real.indexOf(text, place);
            if (found < 0) {
                return;
            }
            putPart(secrets, real.substring(place, found), before);
            before = reference.group();
            end = reference.end();
            place = found + text.length();
        }
        int last = real.length() - (value.length() - end);
        if (last >= place) {
            putPart(secrets, real.substring(place, last), before);
        }
    }

    private static void putPart(Map<String, String> secrets, String part, String reference) {
        if (part.trim().length() >= CHARS_MIN && !part.equals(reference)) {
            put(secrets, part, reference);
        }
    }

    /** A file that holds a secret ends in a newline, and plugins read and quote what ConfigDef leaves of it. */
    private static void put(Map<String, String> secrets, String real, String reference) {
        secrets.put(real, reference);
        secrets.put(real.trim(), reference.trim());
    }

    /** These and those of another config of the same life. */
    public Resolved and(Resolved others) {
        return and(List.of(others));
    }

    /** These and those of other configs of the same life. */
    Resolved and(Collection<Resolved> others) {
        SortedMap<String, String> all = new TreeMap<>(secrets);
        others.forEach(other -> all.putAll(other.secrets));
        return new Resolved(all);
    }

    /** Without values of less than {@value #CHARS_MIN} characters: for texts that are not about the config, such as a stack trace. */
    public Resolved withoutShort() {
        SortedMap<String, String> rest = new TreeMap<>(secrets);
        rest.keySet().removeIf(secret -> secret.trim().length() < CHARS_MIN);
        return new Resolved(rest);
    }

    /** The text with references where it quotes what they stand for. */
    public String hiddenIn(String text) {
        String clean = text;
        for (Map.Entry<String, String> secret : secrets.entrySet()) {
            clean = clean.replace(secret.getKey(), secret.getValue());
        }
        return clean;
    }

    /** {@link #hiddenIn(String)} for a text about the config: values of less than {@value #CHARS_MIN} characters are hidden where they are whole words. */
    String hiddenInConfigText(String text) {
        if (secrets.isEmpty()) {
            return text;
        }
        String any = secrets.keySet().stream()
                .map(secret -> secret.trim().length() < CHARS_MIN
                        ? "(?<!\\w)" + Pattern.quote(secret) + "(?!\\w)"
                        : Pattern.quote(secret))
                .collect(Collectors.joining("|"));
        return Pattern.compile(any)
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(String.valueOf(secrets.get(found.group()))));
    }

    /**
     * The failure itself; or, if a message of it, of its causes or of what it suppressed, or the stack trace that it prints, quotes a value, cannot be read
     * or may be another next time, one that reads the same but for those values. Throws nothing, whatever the failure does when it is asked.
     */
    public Throwable hiddenIn(Throwable failure) {
        return MaskedFailure.of(failure, this::hiddenIn);
    }
}
