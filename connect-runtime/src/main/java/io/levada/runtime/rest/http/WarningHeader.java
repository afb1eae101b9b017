/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Warnings as values of the HTTP header {@code Warning} (RFC 7234, section 5.5): {@code 299 - "text"}, one each. A client that does not know the
 * header loses nothing. Together they stay well below what clients and proxies take of headers.
 */
public final class WarningHeader {
    public static final String NAME = "Warning";

    private static final int WARNINGS_MAX = 10;
    private static final int TEXT_CHARS_MAX = 300;

    private WarningHeader() {}

    /** At most ten of them, and one that says how many more there are. */
    public static List<String> values(List<String> warnings) {
        List<String> values = new ArrayList<>();
        warnings.stream().limit(WARNINGS_MAX).map(WarningHeader::value).forEach(values::add);
        if (warnings.size() > WARNINGS_MAX) {
            values.add(value(
                    "There are " + (warnings.size() - WARNINGS_MAX) + " more warnings; the worker's log has all."));
        }
        return values;
    }

    private static String value(String warning) {
        String text = warning.length() <= TEXT_CHARS_MAX ? warning : warning.substring(0, TEXT_CHARS_MAX - 3) + "...";
        StringBuilder value = new StringBuilder("299 - \"");
        text.chars().forEach(c -> append(value, (char) c));
        return value.append('"').toString();
    }

    /** Header values are printable ASCII here: a line break in one would begin another header. */
    private static void append(StringBuilder value, char c) {
        if (c == '"' || c == '\\') {
            value.append('\\').append(c);
        } else {
            value.append(c < ' ' ? ' ' : c > '~' ? '?' : c);
        }
    }
}
