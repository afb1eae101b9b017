/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import org.jspecify.annotations.Nullable;

/** A failure the caller can act on, told in three lines: what failed, why, what to do. The message holds all three. */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String why;
    private final String remedy;
    private final int exitCode;

    /**
     * @param what what was attempted, on which thing
     * @param why the reason in the words of whoever refused
     * @param remedy what to do next; empty when there is nothing to advise
     */
    public Problem(int exitCode, String what, String why, String remedy, @Nullable Throwable cause) {
        super(what + ": " + why, cause);
        this.exitCode = exitCode;
        this.what = what;
        this.why = why;
        this.remedy = remedy;
    }

    public Problem(int exitCode, String what, String why, String remedy) {
        this(exitCode, what, why, remedy, null);
    }

    public String what() {
        return what;
    }

    public String why() {
        return why;
    }

    public String remedy() {
        return remedy;
    }

    public int exitCode() {
        return exitCode;
    }
}
