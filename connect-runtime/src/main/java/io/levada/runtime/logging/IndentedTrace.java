/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Indents a stack trace, {@code %trace(%ex)} in a Logback pattern, but for its own headings: a message of an exception may have several
 * lines, and none of them may look like an event of its own.
 */
public final class IndentedTrace extends CompositeConverter<ILoggingEvent> {
    private static final Pattern LINES = Pattern.compile("\\R");
    /** What Java writes at the beginning of a line of a trace: the exception, its cause, its frames. */
    private static final Pattern TRACE = Pattern.compile("\\s.*|Caused by: .*|Wrapped by: .*");

    @Override
    protected String transform(ILoggingEvent event, String trace) {
        return trace.isEmpty() ? trace : indented(trace);
    }

    static String indented(String trace) {
        String[] lines = LINES.split(trace, -1);
        return java.util.stream.IntStream.range(0, lines.length)
                .mapToObj(i -> shown(i, OneLine.escaped(lines[i])))
                .collect(Collectors.joining("\n"));
    }

    private static String shown(int number, String line) {
        return number == 0 || line.isEmpty() || TRACE.matcher(line).matches() ? line : "\t" + line;
    }
}
