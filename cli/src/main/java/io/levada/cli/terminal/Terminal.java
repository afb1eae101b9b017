/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Whether somebody sits there to answer. Without a terminal nothing is ever asked, so that no script hangs. */
public final class Terminal {
    private Terminal() {}

    /** The start script looks at its file descriptors: Java's own answer differs from version to version. */
    public static boolean isInteractive() {
        return Boolean.getBoolean("levada.interactive");
    }

    /** Whether standard output is a screen, whose width then counts, and no file or pipe. */
    static boolean isScreen() {
        return Boolean.getBoolean("levada.terminal");
    }

    /** Returns if it may be done; throws if somebody was asked and did not say yes. */
    public static void confirm(PrintWriter err, String question, boolean alreadyConfirmed) {
        if (alreadyConfirmed || !isInteractive()) {
            return;
        }
        err.print(question + " [y/N] ");
        err.flush();
        if (!answer().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new Problem(
                    ExitCode.FAILURE, "nothing was deleted", "you did not confirm", "--yes deletes without asking.");
        }
    }

    private static String answer() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException failure) {
            throw new Problem(ExitCode.FAILURE, "cannot read your answer", String.valueOf(failure), "", failure);
        }
    }
}
