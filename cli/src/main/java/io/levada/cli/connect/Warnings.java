/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts of HTTP's {@code Warning} headers (RFC 7234, section 5.5): {@code 299 - "text", 299 - "another"}. A worker that sends none, as Apache's, has
 * nothing to say.
 */
final class Warnings {
    private static final Pattern WARNING = Pattern.compile("\\d{3} \\S+ \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    private Warnings() {}

    static List<String> texts(List<String> headers) {
        List<String> texts = new ArrayList<>();
        for (String header : headers) {
            Matcher warning = WARNING.matcher(header);
            while (warning.find()) {
                texts.add(ESCAPED.matcher(warning.group(1)).replaceAll("$1"));
            }
        }
        return texts;
    }
}
