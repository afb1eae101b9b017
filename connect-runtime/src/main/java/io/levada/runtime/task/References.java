/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value with references to config providers in it, {@code ${provider:path:key}} or {@code ${provider:key}} (KIP-297). Reads exactly what
 * Kafka's transformer reads, but in one pass: its regular expression comes to no end in useful time over a thousand references that are
 * opened and never closed. Braces without a colon in them, and what cannot be a provider's name, are text.
 *
 * @param parts text and references, in order
 */
record References(List<Part> parts) {
    private static final Pattern PROVIDER = Pattern.compile("[A-Za-z0-9_.-]+");

    References {
        parts = List.copyOf(parts);
    }

    /**
     * A piece of a value.
     *
     * @param text as written
     * @param reference what it refers to; null if it is plain text
     */
    record Part(String text, @Nullable Reference reference) {}

    /**
     * One reference.
     *
     * @param path empty if the reference has none
     */
    record Reference(String provider, String path, String key) {}

    static References in(String value) {
        List<Part> parts = new ArrayList<>();
        int done = 0;
        int open = value.indexOf("${");
        while (open >= 0) {
            int close = value.indexOf('}', open);
            if (close < 0) {
                break;
            }
            Reference reference = reference(value.substring(open + 2, close));
            if (reference != null) {
                parts.add(new Part(value.substring(done, open), null));
                parts.add(new Part(value.substring(open, close + 1), reference));
                done = close + 1;
            }
            open = value.indexOf("${", close);
        }
        parts.add(new Part(value.substring(done), null));
        return new References(parts);
    }

    private static @Nullable Reference reference(String inside) {
        int first = inside.indexOf(':');
        if (first < 0 || !PROVIDER.matcher(inside.substring(0, first)).matches()) {
            return null;
        }
        int second = inside.indexOf(':', first + 1);
        return second < 0
                ? new Reference(inside.substring(0, first), "", inside.substring(first + 1))
                : new Reference(
                        inside.substring(0, first), inside.substring(first + 1, second), inside.substring(second + 1));
    }

    List<Reference> references() {
        return parts.stream()
                .map(Part::reference)
                .filter(reference -> reference != null)
                .toList();
    }

    /** The value with what {@code values} gives for each reference; one for which it gives null stays as written. */
    String replaced(Function<Reference, @Nullable String> values) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            String found = part.reference == null ? null : values.apply(part.reference);
            text.append(found == null ? part.text : found);
        }
        return text.toString();
    }
}
