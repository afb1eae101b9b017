/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.util.List;
import java.util.Locale;

/**
 * How far the rows have come.
 *
 * @param rows inserted into the table
 * @param records in the topic
 * @param lines in the file
 * @param objectLines in all S3 objects
 */
record Progress(long rows, long records, long lines, long objectLines, int objects) {

    /** The same five figures, in fewer and fewer words. */
    private static final List<String> WORDINGS = List.of(
            "rows in %,d   records in topic %,d   lines in file %,d   rows in S3 %,d (%,d objects)",
            "rows in %,d   in topic %,d   in file %,d   in S3 %,d (%,d objects)",
            "rows %,d   topic %,d   file %,d   S3 %,d",
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
        return String.format(Locale.ROOT, wording, rows, records, lines, objectLines, objects);
    }

    @Override
    public String toString() {
        return in(WORDINGS.get(0));
    }
}
