/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits a raw request path into segments and decodes each once, so that a name may hold any character: {@code p%2Fq} is the name
 * {@code p/q}, {@code p%252Fq} the name {@code p%2Fq}, and {@code %2E%2E} the name {@code ..}. Refuses, with 400, what could be read in
 * two ways: empty segments, dotted ones that are written out, a backslash that is written out, broken escapes. A {@code +} stays a plus,
 * and a {@code ;} a semicolon.
 */
public final class RequestPath {
    private static final Pattern SLASH = Pattern.compile("/");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

    private RequestPath() {}

    /** The decoded segments, none for the root; throws {@link HttpStatusException} with 400. */
    public static List<String> segments(String rawPath) {
        if (BROKEN_ESCAPE.matcher(rawPath).find()) {
            throw HttpStatusException.badPath("a percent sign must be followed by two hexadecimal digits");
        }
        if (rawPath.indexOf('\\') >= 0) {
            throw HttpStatusException.badPath("a backslash must be written as %5C");
        }
        String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        List<String> segments = new ArrayList<>();
        if (!path.isEmpty()) {
            for (String raw : SLASH.split(path, -1)) {
                segments.add(segment(raw));
            }
        }
        return segments;
    }

    private static String segment(String raw) {
        if (raw.isEmpty() || raw.equals(".") || raw.equals("..")) {
            throw HttpStatusException.badPath("an empty or dotted segment; dots of a name are written as %2E");
        }
        return QueryStringDecoder.decodeComponent(raw.replace("+", "%2B"));
    }
}
