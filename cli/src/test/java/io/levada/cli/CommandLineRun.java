/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One command line run in this process, and what came of it.
 *
 * @param out standard output
 * @param err standard error
 */
public record CommandLineRun(int exitCode, String out, String err) {
    /** Runs it with {@code input} on standard input. */
    public static CommandLineRun levadaGiven(String input, String... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return levada(words);
        } finally {
            System.setIn(before);
        }
    }

    /** Runs {@code levada words...}. */
    public static CommandLineRun levada(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Levada.run(new PrintWriter(out), new PrintWriter(err), Map.of(), words);
        return new CommandLineRun(exitCode, out.toString(), err.toString());
    }
}
