/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import org.apache.kafka.connect.errors.DataException;

/**
 * A row as {@code COPY … TO STDOUT} writes it in its text format (PostgreSQL manual, COPY, "Text Format"): fields between tabs, a
 * backslash before what would be read as something else, {@code \N} for null.
 */
record CopyLine(Tuple tuple, long block, int item) {

    /**
     * Takes a line apart, undoing its escapes in place.
     *
     * @param line with or without its line end; changed by this
     * @param columns behind the first field
     * @throws DataException if it has another number of fields
     */
    static CopyLine of(byte[] line, int columns) {
        int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        int tab = 0;
        while (tab < end && line[tab] != '\t') {
            tab++;
        }
        int comma = 1;
        while (comma < tab && line[comma] != ',') {
            comma++;
        }
        if (tab < 5 || line[0] != '(' || comma >= tab - 2 || line[tab - 1] != ')') {
            throw new DataException("a row of a snapshot does not begin with its place");
        }
        Tuple tuple = tuple(line, tab == end ? end : tab + 1, end, columns);
        return new CopyLine(tuple, number(line, 1, comma), (int) number(line, comma + 1, tab - 1));
    }

    private static long number(byte[] line, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + (line[i] - '0');
        }
        return number;
    }

    private static Tuple tuple(byte[] line, int from, int end, int columns) {
        int[] offsets = new int[columns];
        int[] lengths = new int[columns];
        int read = from;
        int written = from;
        for (int i = 0; i < columns; i++) {
            if (i > 0) {
                if (read >= end) {
                    throw new DataException("a row of a snapshot has " + i + " columns, the table " + columns);
                }
                read++; // the tab
            }
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
            offsets[i] = start;
            lengths[i] = isNull ? Tuple.NULL : written - start;
        }
        if (read < end) {
            throw new DataException("a row of a snapshot has more columns than the table, which has " + columns);
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
