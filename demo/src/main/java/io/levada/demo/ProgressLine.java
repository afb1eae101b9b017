/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.PrintStream;
import java.time.Duration;

/** One line that is redrawn on a terminal, and repeated at growing length of log only every few seconds elsewhere. */
final class ProgressLine {

    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final PrintStream out;
    private final boolean terminal;
    private long lastNanos = System.nanoTime() - BETWEEN_LINES.toNanos();

    ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void show(Progress progress) {
        if (terminal) {
            out.print("\r\u001b[K  " + progress);
            out.flush();
        } else if (System.nanoTime() - lastNanos >= BETWEEN_LINES.toNanos()) {
            last(progress);
        }
    }

    /** Shows it for good, and ends the line. */
    void last(Progress progress) {
        out.println((terminal ? "\r\u001b[K  " : "  ") + progress);
        lastNanos = System.nanoTime();
    }
}
