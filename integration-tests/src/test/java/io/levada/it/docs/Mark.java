/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page says, in a comment before a block of commands, about how the block is run; {@code docs/building.md} describes the words.
 *
 * @param kind whether it is run, and whether it ends
 * @param why why it is not run; empty where it is
 * @param prints what its output must contain
 * @param eventually whether it is repeated until it prints that
 * @param exitCode how it must end
 */
record Mark(Kind kind, String why, List<String> prints, boolean eventually, int exitCode) {

    private static final Pattern COMMENT = Pattern.compile("<!-- test: (.*) -->");
    private static final Pattern NOT_RUN = Pattern.compile("not run: (\\S.*)");
    private static final Pattern WORD =
            Pattern.compile("(run|stays|interrupted|eventually)|prints \"((?:[^\"\\\\]|\\\\.)+)\"|exits (\\d+)");

    enum Kind {
        /** Runs to its end. */
        RUN,
        /** Has printed what it should, and goes on until the page ends. */
        STAYS,
        /** Has printed what it should, and then gets Ctrl-C. */
        INTERRUPTED,
        /** Is not run, for a reason that is given. */
        NOT_RUN
    }

    Mark {
        prints = List.copyOf(prints);
    }

    /**
     * Reads the line before a block.
     *
     * @throws IllegalArgumentException if it is no mark, or one that is not understood
     */
    static Mark parse(String line) {
        Matcher comment = COMMENT.matcher(line.strip());
        if (!comment.matches()) {
            throw new IllegalArgumentException(
                    "no <!-- test: ... --> stands before it (docs/building.md says how to write one)");
        }
        Matcher notRun = NOT_RUN.matcher(comment.group(1));
        return notRun.matches()
                ? new Mark(Kind.NOT_RUN, notRun.group(1), List.of(), false, 0)
                : words(comment.group(1));
    }

    private static Mark words(String text) {
        Kind kind = null;
        List<String> prints = new ArrayList<>();
        boolean eventually = false;
        int exitCode = 0;
        Matcher word = WORD.matcher(text);
        int end = 0;
        while (end < text.length() && word.find(end) && word.start() == end) {
            if (word.group(2) != null) {
                prints.add(word.group(2).replaceAll("\\\\(.)", "$1"));
            } else if (word.group(3) != null) {
                exitCode = Integer.parseInt(word.group(3));
            } else if (word.group(1).equals("eventually")) {
                eventually = true;
            } else {
                kind = Kind.valueOf(word.group(1).toUpperCase(java.util.Locale.ROOT));
            }
            end = text.startsWith("; ", word.end()) ? word.end() + 2 : word.end();
        }
        if (kind == null || end < text.length()) {
            throw new IllegalArgumentException("'" + text.substring(end) + "' of its mark is not understood: " + text);
        }
        return new Mark(kind, "", prints, eventually, exitCode);
    }
}
