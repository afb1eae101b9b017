/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides by media types: what a request may carry (415) and what its sender takes (406). */
public final class MediaTypes {
    private MediaTypes() {}

    /** Whether a Content-Type header says JSON, whatever its parameters. */
    public static boolean isJson(@Nullable String contentType) {
        return contentType != null && withoutParameters(contentType).equals(Answer.JSON);
    }

    /** Whether an Accept header takes {@code produced}; none takes everything, and {@code *}{@code /*} is taken by all. */
    public static boolean accepts(@Nullable String accept, String produced) {
        if (accept == null || accept.isBlank() || produced.equals("*/*")) {
            return true;
        }
        String family = produced.substring(0, produced.indexOf('/')) + "/*";
        return Arrays.stream(accept.split(",", -1))
                .filter(part -> !part.replace(" ", "").matches(".*;q=0(\\.0*)?(;.*)?"))
                .map(MediaTypes::withoutParameters)
                .anyMatch(type -> type.equals("*/*") || type.equals(family) || type.equals(produced));
    }

    private static String withoutParameters(String mediaType) {
        return mediaType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    }
}
