/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Whether a table's first load in ranges is through: no row is left behind the stored offset of any range. What is stored counts, and
 * not what tasks say, so that an offset of the table itself, which hides those of the ranges from then on, comes after all of theirs.
 * Used by the thread of the task that is to follow the table.
 */
final class FirstLoad {

    private static final Duration LOOK_INTERVAL_MAX = Duration.ofSeconds(1);

    private final OffsetStorageReader offsets;
    private final TableId table;
    private final Mode mode;
    private final RangeQueries queries;
    private final SettledBounds bounds;
    private final long lookIntervalNanos;
    private final LongSupplier nanoTime;
    private final BitSet through = new BitSet();

    private boolean settled;
    private long lookNanos;

    FirstLoad(
            OffsetStorageReader offsets,
            TableId table,
            Mode mode,
            RangeQueries queries,
            SettledBounds bounds,
            Duration pollInterval,
            LongSupplier nanoTime) {
        this.offsets = offsets;
        this.table = table;
        this.mode = mode;
        this.queries = queries;
        this.bounds = bounds;
        this.lookIntervalNanos = Math.min(pollInterval.toNanos(), LOOK_INTERVAL_MAX.toNanos());
        this.nanoTime = nanoTime;
        this.lookNanos = nanoTime.getAsLong();
    }

    Ranges ranges() {
        return queries.ranges();
    }

    /** True if it is time to look again. */
    boolean isDue() {
        return nanoTime.getAsLong() - lookNanos >= 0;
    }

    /** True once it is through, from then on. Ends the connection's transaction. */
    boolean isThrough(Connection connection, List<Column> columns) throws SQLException {
        settled = settled
                || bounds.settled(connection, queries.kind(0, columns), queries.bound())
                        .isPresent();
        if (!settled) {
            return false; // a range may look empty whose rows are not committed
        }
        lookNanos = nanoTime.getAsLong() + lookIntervalNanos;
        StoredRanges stored = StoredRanges.of(offsets, table);
        if (stored.begun(mode).filter(begun -> !begun.equals(ranges())).isPresent()) {
            throw new ConnectException("tasks of an earlier plan have begun to load " + table
                    + " in other ranges since this task was started; restart the task, which goes on with those");
        }
        for (int i = through.nextClearBit(0); i < ranges().count(); i = through.nextClearBit(i)) {
            if (isLeft(connection, queries.kind(i, columns), stored.of(ranges(), i))) {
                return false;
            }
            through.set(i);
        }
        return true;
    }

    private boolean isLeft(Connection connection, NewRowsQuery.Kind kind, @Nullable RangeOffset stored)
            throws SQLException {
        JdbcOffset after = stored == null ? JdbcOffset.NONE : new JdbcOffset(stored.key(), null);
        return SettledBounds.highest(connection, kind, after, queries.bound()) != null;
    }
}
