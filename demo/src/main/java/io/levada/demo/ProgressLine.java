/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.PrintStream;
import java.time.Duration;

/**
 * One line that is redrawn on a terminal, and elsewhere repeated at growing intervals.
 *
 * <p>On a terminal it must never be wrapped, or the next drawing would leave half of it behind and scroll everything above away. Its
 * width is not known here and may change at any moment: so the line fits the narrowest usual one, and while it is drawn the terminal
 * is told not to wrap (DECAWM, the VT100's private mode 7).
 */
final class ProgressLine {

    private static final int COLUMNS = 79;
    private static final String REDRAW = "\r\u001b[K";
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final Duration FIRST_INTERVAL = Duration.ofSeconds(5);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);

    private final PrintStream out;
    private final boolean terminal;
    private Duration interval = FIRST_INTERVAL;
    private long lastNanos = System.nanoTime() - FIRST_INTERVAL.toNanos();

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(Progress progress) {
        if (terminal) {
            draw(progress);
            out.flush();
        } else if (System.nanoTime() - lastNanos >= interval.toNanos()) {
            Duration twice = interval.multipliedBy(2);
            interval = twice.compareTo(LONGEST_INTERVAL) < 0 ? twice : LONGEST_INTERVAL;
            last(progress);
        }
    }

    /** Shows it for good, and ends the line. */
    void last(Progress progress) {
        if (terminal) {
            draw(progress);
            out.println();
        } else {
            out.println("  " + progress);
        }
        lastNanos = System.nanoTime();
    }

    /** Says something else, on lines of its own. */
    void say(String text) {
        out.println(terminal ? REDRAW + text : text);
    }

    /** Whether nobody reads any more: the other end of a pipe was closed. */
    boolean isUnread() {
        return out.checkError();
    }

    private void draw(Progress progress) {
        out.print(REDRAW + NO_WRAP + "  " + progress.fitting(COLUMNS - 2) + WRAP);
    }
}
