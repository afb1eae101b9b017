/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;

/** Reads rows in batches, whenever it is its turn. Used by the task's thread. */
public interface TableReader {

    /** What a call of {@link #read()} found. */
    enum Outcome {
        /** There may be more at once. */
        MORE,
        /** All that was new has been read. */
        DONE,
        /** There may be new rows, but something that will pass holds them back. */
        HELD_BACK
    }

    /**
     * Reads the next batch; {@link #records()} gives it.
     *
     * @throws SQLException if the database fails; the reader then goes on after the last record it gave
     */
    Outcome read() throws SQLException;

    /** The records of the last {@link #read()}, handed out once. */
    List<SourceRecord> records();

    /** True if a restart would repeat nothing that was handed out; in mode bulk always, since it begins anew anyway. */
    boolean isWhole();

    /** True while rows that have been begun keep a transaction open. */
    boolean isReading();

    /** True if reading that is broken off now goes on after the last record handed out, and repeats none. */
    boolean mayRest();

    /** Ends the transaction of a result that is being read; the next {@link #read()} goes on after the last record handed out. */
    void rest() throws SQLException;
}
