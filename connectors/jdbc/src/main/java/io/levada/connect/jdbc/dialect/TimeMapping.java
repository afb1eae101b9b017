/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalTime;
import java.util.Date;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** What a time of day becomes, {@code time.mapping}. */
public enum TimeMapping {
    /** Connect's Time, in which a time that is finer than a millisecond has no form. */
    CONNECT_LOGICAL,
    /** Connect's Time, and digits beyond the millisecond are cut. */
    CONNECT_LOGICAL_CUT,
    /** The database's own form. */
    TEXT;

    private static final int MILLI_NANOS = 1_000_000;

    /** Reads a time of day; null for NULL. */
    @FunctionalInterface
    public interface Cell {
        @Nullable
        LocalTime read(ResultSet rows, int index) throws SQLException;
    }

    /** The reader of a column of such times. */
    public ColumnReader reader(Column column, Cell cell) {
        if (this == TEXT) {
            return StandardReaders.text(column);
        }
        return ColumnReader.of(Time.builder(), column, (rows, index) -> {
            LocalTime time = cell.read(rows, index);
            return time == null ? null : encode(time);
        });
    }

    /**
     * The time in the form that Connect's Time has.
     *
     * @throws DataException if it has none; says why, and not the time
     */
    public Date encode(LocalTime time) {
        // The last nanosecond stands for 24:00.
        if (this == CONNECT_LOGICAL && time.toNanoOfDay() % MILLI_NANOS != 0 && !time.equals(LocalTime.MAX)) {
            throw new DataException("is a time of day that is finer than a millisecond, for which Connect's Time has no"
                    + " room; set time.mapping=text, or connect_logical_cut to cut it");
        }
        return TemporalCells.time(time);
    }
}
