/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits a raw request path into decoded segments. Refuses, with 400 as Kafka Connect's server does, what could be read in two ways: an
 * encoded slash, empty or dotted segments, broken escapes. A {@code +} stays a plus.
 */
final class RequestPath {
    private static final Pattern SLASH = Pattern.compile("/");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");
    private static final Pattern AMBIGUOUS = Pattern.compile("(?i)%2f|%5c|\\\\");

    private RequestPath() {}

    static List<String> segments(String rawPath) {
        if (BROKEN_ESCAPE.matcher(rawPath).find()) {
            throw HttpStatusException.badPath("a percent sign must be followed by two hexadecimal digits");
        }
        if (AMBIGUOUS.matcher(rawPath).find()) {
            throw HttpStatusException.badPath("an encoded slash cannot be part of a name");
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
        int parameters = raw.indexOf(';');
        String plain = parameters < 0 ? raw : raw.substring(0, parameters);
        String decoded = QueryStringDecoder.decodeComponent(plain.replace("+", "%2B"));
        if (raw.isEmpty() || decoded.equals(".") || decoded.equals("..")) {
            throw HttpStatusException.badPath("an empty or dotted segment");
        }
        return decoded;
    }
}
