/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.terminal.Problem;
import io.levada.runtime.validation.TooManyValidationsException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Whether a failure is the world's and may pass: what the connector connects to is not up yet, as when everything is started at once.
 * The worker's own failures are told by their type. An error of a validation comes from the plugin and is a text and nothing else,
 * so its words must tell; a connector's author who wants to be waited for writes {@code cannot reach}.
 */
final class WorldFailure {
    private static final List<Pattern> WORDS = List.of(
            Pattern.compile("cannot reach "),
            Pattern.compile("connection (to \\S+ )?(was )?refused"),
            Pattern.compile("connection (was )?reset"),
            Pattern.compile("timed out"),
            Pattern.compile("unknownhostexception|unknown host|name or service not known|is not known here"),
            Pattern.compile("temporary failure in name resolution"),
            Pattern.compile("no route to host|network is unreachable"),
            Pattern.compile("communications link failure"),
            Pattern.compile("the database system is (starting up|shutting down|in recovery mode)"));

    private WorldFailure() {}

    /** Whether all of the errors, of which there must be one, may pass. */
    static boolean in(List<String> errors) {
        return !errors.isEmpty() && errors.stream().allMatch(WorldFailure::in);
    }

    /** Whether what the worker refused may pass: it took too long or has too much to do, or its words say so. */
    static boolean in(Problem refusal) {
        return refusal.getCause() instanceof TimeoutException
                || refusal.getCause() instanceof TooManyValidationsException
                || in(refusal.why());
    }

    private static boolean in(String error) {
        String lower = error.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(words -> words.matcher(lower).find());
    }
}
