/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.pgoutput.Tuple;

/**
 * A row as {@code COPY … TO STDOUT} writes it in its text format (PostgreSQL manual, COPY, "Text Format"): fields between tabs, a
 * backslash before what would be read as something else, {@code \N} for null.
 */
final class CopyLine {

    private CopyLine() {}

    /**
     * Takes a line apart, undoing its escapes in place.
     *
     * @param line with or without its line end; changed by this
     */
    static Tuple tuple(byte[] line, int columns) {
        int[] offsets = new int[columns];
        int[] lengths = new int[columns];
        int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        int read = 0;
        int written = 0;
        for (int i = 0; i < columns; i++) {
            int start = written;
            boolean isNull = false;
            while (read < end && line[read] != '\t') {
                byte b = line[read++];
                if (b == '\\' && read < end) {
                    byte escaped = line[read++];
                    isNull = escaped == 'N';
                    b = unescaped(escaped);
                }
                line[written++] = b;
            }
            if (read < end || i < columns - 1) {
                read++; // the tab
            }
            offsets[i] = start;
            lengths[i] = isNull ? Tuple.NULL : written - start;
        }
        return new Tuple(line, offsets, lengths);
    }

    private static byte unescaped(byte escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> escaped;
        };
    }
}
