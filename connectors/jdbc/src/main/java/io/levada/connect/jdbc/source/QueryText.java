/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Spelled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * A user's SELECT as a prepared statement takes it: placeholders for bounds have become parameters, and question marks that are
 * operators of the database, such as JSON's, are told from parameters. What stands in quotes and comments is left as it is.
 *
 * @param placeholders what the parameters stand for, in their order
 */
record QueryText(String sql, List<Placeholder> placeholders) {

    /** Groups of {@link #PART}. */
    private static final int PLACEHOLDER = 2;

    private static final int MARK = 3;

    private static final Pattern PART = Pattern.compile(
            // Text with backslashes, text, names, comments, PostgreSQL's dollar quotes: all may hold anything.
            "[eE]'(?:[^'\\\\]|\\\\.|'')*+'"
                    + "|'[^']*+(?:''[^']*+)*+'"
                    + "|\"[^\"]*+\""
                    + "|`[^`]*+`"
                    + "|--[^\\n]*+"
                    + "|/\\*.*?\\*/"
                    + "|\\$(\\w*+)\\$.*?\\$\\1\\$"
                    + "|\\{\\{\\s*+([\\w.]*+)\\s*+}}"
                    + "|(\\?\\??)",
            Pattern.DOTALL);

    /** A bound that the query wants to know, beside the condition that its result has to meet. */
    enum Placeholder implements Spelled {
        /** The number of the last row that was read. */
        AFTER_INCREMENTING("after.incrementing"),
        /** The highest number that is read now. */
        UPTO_INCREMENTING("upto.incrementing"),
        /** The moment of the last rows that were read. */
        AFTER_TIMESTAMP("after.timestamp"),
        /** The first moment that is not read now. */
        BEFORE_TIMESTAMP("before.timestamp");

        private final String spelling;

        Placeholder(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String spelling() {
            return spelling;
        }

        boolean isMoment() {
            return this == AFTER_TIMESTAMP || this == BEFORE_TIMESTAMP;
        }
    }

    QueryText {
        placeholders = List.copyOf(placeholders);
    }

    /**
     * Reads a query.
     *
     * @param mark what the driver takes for a question mark that is no parameter
     * @throws ConnectException if a placeholder is none of those above
     */
    static QueryText of(String query, String mark) {
        List<Placeholder> placeholders = new ArrayList<>();
        String sql = PART.matcher(query).replaceAll(found -> {
            if (found.group(PLACEHOLDER) != null) {
                placeholders.add(placeholder(found.group(PLACEHOLDER)));
                return "?";
            }
            // Two are how those who know the driver have written one.
            return Matcher.quoteReplacement("?".equals(found.group(MARK)) ? mark : found.group());
        });
        return new QueryText(sql, placeholders);
    }

    private static Placeholder placeholder(String name) {
        return Arrays.stream(Placeholder.values())
                .filter(each -> each.spelling().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConnectException("the query has the placeholder {{" + name
                        + "}}, which there is not; there are "
                        + Arrays.stream(Placeholder.values())
                                .map(each -> "{{" + each.spelling() + "}}")
                                .collect(Collectors.joining(", "))));
    }
}
