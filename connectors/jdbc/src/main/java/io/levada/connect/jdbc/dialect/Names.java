/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * How a kind of database treats names.
 *
 * @param open the quote before a name
 * @param close the quote after it, doubled where it is part of the name
 * @param folding what becomes of a name without quotes
 * @param lengthMax of a name of a table or column; 0 for no limit
 * @param lengthInBytes whether the limit counts bytes of UTF-8, or characters
 * @param columnsIgnoreCase whether two columns cannot differ in case alone, so that either spelling finds the column
 * @param tablesIgnoreCase whether two tables cannot differ in case alone
 * @param reachesCatalogs whether the name of a table may begin with that of another database
 */
public record Names(
        char open,
        char close,
        Folding folding,
        int lengthMax,
        boolean lengthInBytes,
        boolean columnsIgnoreCase,
        boolean tablesIgnoreCase,
        boolean reachesCatalogs) {

    /** Of a database whose tables differ in case, and whose statements reach only the database connected to. */
    public Names(
            char open, char close, Folding folding, int lengthMax, boolean lengthInBytes, boolean columnsIgnoreCase) {
        this(open, close, folding, lengthMax, lengthInBytes, columnsIgnoreCase, false, false);
    }

    /** The same where two tables cannot differ in case alone. */
    public Names ignoringCaseOfTables() {
        return new Names(open, close, folding, lengthMax, lengthInBytes, columnsIgnoreCase, true, reachesCatalogs);
    }

    /** The same where the name of a table may begin with that of another database. */
    public Names reachingCatalogs() {
        return new Names(open, close, folding, lengthMax, lengthInBytes, columnsIgnoreCase, tablesIgnoreCase, true);
    }

    /** As the standard says, and PostgreSQL's folding; without a limit. */
    public static final Names ANSI = new Names('"', '"', Folding.LOWER, 0, false, false);

    /** What a server makes of a name without quotes. */
    public enum Folding {
        LOWER,
        UPPER,
        /** It stays as it is. */
        NONE;

        String fold(String name) {
            return switch (this) {
                case LOWER -> name.toLowerCase(Locale.ROOT);
                case UPPER -> name.toUpperCase(Locale.ROOT);
                case NONE -> name;
            };
        }
    }

    /** The name in quotes, whatever it holds. */
    String quoted(String name) {
        String end = String.valueOf(close);
        return open + name.replace(end, end + end) + end;
    }

    /** True if the server would cut or refuse the name. */
    boolean isTooLong(String name) {
        int length =
                lengthInBytes ? name.getBytes(StandardCharsets.UTF_8).length : name.codePointCount(0, name.length());
        return lengthMax > 0 && length > lengthMax;
    }
}
