/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.util.List;
import java.util.Locale;

/**
 * How far the changes have come.
 *
 * @param changes made in the table
 * @param records in the topic
 * @param lines in the file
 * @param objectLines in all S3 objects
 */
record Progress(long changes, long records, long lines, long objectLines, int objects) {

    /** The same five figures, in fewer and fewer words. */
    private static final List<String> WORDINGS = List.of(
            "changes %,d   records in topic %,d   lines in file %,d   lines in S3 %,d (%,d objects)",
            "changes %,d   in topic %,d   in file %,d   in S3 %,d (%,d objects)",
            "changes %,d   topic %,d   file %,d   S3 %,d",
            "%,d > %,d > %,d > %,d",
            "%d>%d>%d>%d");

    /** The most telling wording that fits, or else the shortest. */
    String fitting(int columns) {
        return WORDINGS.stream()
                .map(this::in)
                .filter(text -> text.length() <= columns)
                .findFirst()
                .orElseGet(() -> in(WORDINGS.get(WORDINGS.size() - 1)));
    }

    private String in(String wording) {
        return String.format(Locale.ROOT, wording, changes, records, lines, objectLines, objects);
    }

    @Override
    public String toString() {
        return in(WORDINGS.get(0));
    }
}
