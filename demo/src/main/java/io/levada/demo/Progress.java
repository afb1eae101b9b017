/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

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

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "rows in %,d   records in topic %,d   lines in file %,d   rows in S3 %,d (%,d objects)",
                rows,
                records,
                lines,
                objectLines,
                objects);
    }
}
