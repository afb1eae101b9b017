/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * Headers added to every answer: {@code response.http.headers.config}, a comma list of {@code set Name: value} or {@code add Name:
 * value}, each in quotes if it holds a comma (KIP-577).
 */
record ExtraHeaders(Map<String, String> headers) {
    private static final String KEY = "response.http.headers.config";
    private static final Pattern ACTION = Pattern.compile("(?i)(set|add)\\s+([!#$%&'*+.^_`|~0-9a-z-]+)\\s*:\\s*(.*)");

    ExtraHeaders {
        headers = Map.copyOf(headers);
    }

    static ExtraHeaders parse(String value) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String part : split(value)) {
            Matcher action = ACTION.matcher(part);
            if (!action.matches()) {
                throw new ConfigException(
                        KEY,
                        part,
                        "Write each as: set Name: value, or add Name: value. Dates (setDate, addDate)"
                                + " are not supported.");
            }
            headers.merge(
                    action.group(2),
                    action.group(3),
                    (before, more) -> action.group(1).equalsIgnoreCase("add") ? before + ", " + more : more);
        }
        return new ExtraHeaders(headers);
    }

    private static List<String> split(String value) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                parts.add(part.toString().trim());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString().trim());
        return parts.stream().filter(text -> !text.isEmpty()).toList();
    }
}
