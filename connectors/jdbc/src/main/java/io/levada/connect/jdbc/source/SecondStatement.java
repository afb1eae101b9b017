/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for a second statement in a text that goes into one of ours. Drivers send all that stands behind a semicolon, too, and what
 * would be rolled back could commit itself.
 */
final class SecondStatement {

    /** What is wrong with a text in which one is possible. */
    static final String REFUSAL =
            "has a semicolon outside of plain quotes, or behind a comment, a backslash or other quotes, where"
                    + " databases do not agree whether it ends the statement; only one statement can be read: write it without";

    private static final Pattern END = Pattern.compile(";\\s*$");

    /**
     * What every database reads alike: plain text and names in quotes, and all that opens neither quotes nor a comment in any of them.
     * Not backslashes, which end a quoted text in some only; not comments, which are nested in some; not dollar quotes, Oracle's
     * {@code q'[]'}, and names in backticks or brackets.
     */
    private static final Pattern SURE =
            Pattern.compile("\\G(?:'[^'\\\\]*+'|\"[^\"\\\\]*+\"|(?!--|/\\*|[qQ]')[^;'\"\\\\$#`\\[])");

    private SecondStatement() {}

    /** The text without the semicolon that may end it. */
    static String withoutEnd(String sql) {
        return END.matcher(sql).replaceFirst("").strip();
    }

    /** True unless every semicolon stands in quotes, however a database reads the text. */
    static boolean isPossible(String sql) {
        Matcher sure = SURE.matcher(sql);
        int end = 0;
        while (sure.find()) {
            end = sure.end();
        }
        return sql.indexOf(';', end) >= 0;
    }
}
