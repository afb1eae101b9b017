/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Headers added to every answer: {@code response.http.headers.config}, a comma list of {@code set Name: value}, {@code add Name: value},
 * {@code setDate Name: ms} and {@code addDate Name: ms}, each in quotes if it holds a comma (KIP-577). A date is that of the answer and so
 * many milliseconds.
 */
public record ExtraHeaders(List<Action> actions) {
    private static final String KEY = "response.http.headers.config";
    private static final Pattern ACTION =
            Pattern.compile("(?i)(set|add)(date)?\\s+([!#$%&'*+.^_`|~0-9a-z-]+)\\s*:\\s*(.*)");
    /** A year has four digits in a header. */
    private static final Duration AFTER_MAX = Duration.ofDays(365_000);

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    public ExtraHeaders {
        actions = List.copyOf(actions);
    }

    /** One of them: what is added comes behind what the name had before. */
    record Action(
            boolean add,
            String name,
            String value,
            @Nullable Duration after) {
        private String at(Instant now) {
            return after == null ? value : DATE.format(now.plus(after));
        }
    }

    /** The headers of an answer that is given now. */
    public Map<String, String> at(Instant now) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Action action : actions) {
            headers.merge(action.name, action.at(now), (before, more) -> action.add ? before + ", " + more : more);
        }
        return headers;
    }

    /** Throws {@link ConfigException} for an action that cannot be carried out. */
    public static ExtraHeaders parse(String value) {
        List<Action> actions = new ArrayList<>();
        for (String part : split(value)) {
            Matcher action = ACTION.matcher(part);
            if (!action.matches()) {
                throw new ConfigException(
                        KEY,
                        part,
                        "Write each as: set Name: value, add Name: value, setDate Name: ms, or addDate Name: ms.");
            }
            if (action.group(4).chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
                throw new ConfigException(KEY, part, "A header's value cannot hold control characters.");
            }
            actions.add(new Action(
                    action.group(1).equalsIgnoreCase("add"),
                    action.group(3),
                    action.group(4),
                    action.group(2) == null ? null : milliseconds(part, action.group(4))));
        }
        return new ExtraHeaders(actions);
    }

    private static Duration milliseconds(String part, String value) {
        try {
            Duration after = Duration.ofMillis(Long.parseLong(value.strip()));
            if (after.abs().compareTo(AFTER_MAX) <= 0) {
                return after;
            }
            throw new ConfigException(KEY, part, "A date is at most " + AFTER_MAX.toDays() + " days away.");
        } catch (NumberFormatException e) {
            throw new ConfigException(
                    KEY, part, "A date is written as milliseconds from now, 0 or -1000 for instance.");
        }
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
        if (quoted) {
            throw new ConfigException(KEY, value, "A quote has no end.");
        }
        parts.add(part.toString().trim());
        return parts.stream().filter(text -> !text.isEmpty()).toList();
    }
}
