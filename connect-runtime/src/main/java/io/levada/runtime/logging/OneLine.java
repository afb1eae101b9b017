/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;

/**
 * Keeps an event on one line, {@code %line(...)} in a Logback pattern: control characters and line separators of whatever was logged, a
 * connector's name or a config's key, are shown as escapes. So nobody can forge a line of the log through the REST API, or move the
 * cursor of who reads it.
 */
public final class OneLine extends CompositeConverter<ILoggingEvent> {
    @Override
    protected String transform(ILoggingEvent event, String text) {
        return escaped(text);
    }

    static String escaped(String text) {
        if (text.chars().noneMatch(OneLine::breaks)) {
            return text;
        }
        StringBuilder line = new StringBuilder();
        text.chars().forEach(c -> {
            if (c == '\n') {
                line.append("\\n");
            } else if (breaks(c)) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    /** Whether a character ends a line, or does something to a terminal other than being seen; a tab does not. */
    private static boolean breaks(int c) {
        return (Character.isISOControl(c) && c != '\t') || c == 0x2028 || c == 0x2029;
    }
}
