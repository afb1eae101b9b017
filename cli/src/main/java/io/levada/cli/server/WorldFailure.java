/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether an error of a validation is the world's and may pass: what the connector connects to is not up yet, as when
 * everything is started at once. An error of a validation is a text and nothing else, so its words must tell. A connector's
 * author who wants to be waited for writes {@code cannot reach}.
 */
final class WorldFailure {
    private static final List<Pattern> WORDS = List.of(
            Pattern.compile("cannot reach "),
            Pattern.compile("connection (to \\S+ )?(was )?refused"),
            Pattern.compile("connection (was )?reset"),
            Pattern.compile("timed out|has not answered for"),
            Pattern.compile("too many validations are under way"),
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

    private static boolean in(String error) {
        String lower = error.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(words -> words.matcher(lower).find());
    }
}
