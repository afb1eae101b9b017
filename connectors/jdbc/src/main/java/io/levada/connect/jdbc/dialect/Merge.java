/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** Upserts in the forms that several databases share. */
public final class Merge {

    private Merge() {}

    /** An INSERT that goes on with {@code ON CONFLICT}, of PostgreSQL and SQLite. */
    public static String onConflict(String insert, RowTarget target) {
        String action = target.updated().isEmpty()
                ? "NOTHING"
                : "UPDATE SET "
                        + RowTarget.join(
                                target.updated(),
                                ", ",
                                column -> target.sql(column) + " = EXCLUDED." + target.sql(column));
        return insert + " ON CONFLICT (" + RowTarget.join(target.keys(), ", ", target::sql) + ") DO " + action;
    }

    /**
     * The standard's MERGE of one row.
     *
     * @param into the table with what follows its name, such as a hint
     * @param source the row as a table in brackets, its columns named like the target's
     */
    public static String of(String into, String source, RowTarget target) {
        String match = RowTarget.join(
                target.keys(),
                " AND ",
                column -> "existing." + target.sql(column) + " = incoming." + target.sql(column));
        String update = target.updated().isEmpty()
                ? ""
                : " WHEN MATCHED THEN UPDATE SET "
                        + RowTarget.join(
                                target.updated(),
                                ", ",
                                column -> "existing." + target.sql(column) + " = incoming." + target.sql(column));
        return "MERGE INTO " + into + " USING (" + source + ") incoming ON (" + match + ")" + update
                + " WHEN NOT MATCHED THEN INSERT (" + RowTarget.join(target.columns(), ", ", target::sql)
                + ") VALUES ("
                + RowTarget.join(target.columns(), ", ", column -> "incoming." + target.sql(column)) + ")";
    }
}
