/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which tables are read in ranges: big ones, as long as there are tasks to spare. What was decided of a table stays as it is, so
 * that tasks need not begin anew, until its first load is through. Not for use by several threads at once.
 */
public final class RangePlanner {

    private static final Logger LOGGER = LoggerFactory.getLogger(RangePlanner.class);

    private final SourceOptions options;
    private final Dialect dialect;
    private final Supplier<OffsetStorageReader> offsets;
    private final int tasksMax;
    private final RangeFinder finder;

    /** Nothing for a table that is read whole. */
    private final Map<TableId, Optional<Ranges>> decided = new HashMap<>();

    /**
     * @param offsets those of the tasks; asked for only where there may be ranges
     * @param tasksMax the most tasks that there may be
     * @param lateRowsWindow how far back late rows are looked for, behind one reader; zero for not at all
     */
    public RangePlanner(
            SourceOptions options,
            Dialect dialect,
            Supplier<OffsetStorageReader> offsets,
            int tasksMax,
            Duration lateRowsWindow) {
        this.options = options;
        this.dialect = dialect;
        this.offsets = offsets;
        this.tasksMax = tasksMax;
        this.finder = new RangeFinder(options, dialect, lateRowsWindow);
    }

    /** The tables in their order, with ranges where they have some. Ends the connection's transaction. */
    public Set<PlannedTable> plan(Connection connection, Set<TableId> tables) throws SQLException {
        decided.keySet().retainAll(tables);
        if (!options.deletes().isOn() && options.poll().rangesRowsMin() > 0 && tasksMax > tables.size()) {
            if (options.mode().mode() != Mode.BULK) {
                takeOver(tables);
            }
            divide(
                    connection,
                    tables.stream().filter(table -> !decided.containsKey(table)).toList(),
                    tables.size());
        }
        Set<PlannedTable> planned = new LinkedHashSet<>();
        for (TableId table : tables) {
            planned.add(new PlannedTable(
                    table, decided.getOrDefault(table, Optional.empty()).orElse(null)));
        }
        return planned;
    }

    /** Takes note of first loads that are through, or have been begun. */
    private void takeOver(Set<TableId> tables) {
        Collection<TableId> open = tables.stream()
                .filter(table -> !Optional.empty().equals(decided.get(table)))
                .toList();
        if (open.isEmpty()) {
            return;
        }
        OffsetStorageReader reader = offsets.get();
        OffsetLookup lookup = new OffsetLookup(reader, open);
        StoredRanges.of(reader, open).forEach((table, stored) -> {
            if (!lookup.isFresh(table)) {
                decided.put(table, Optional.empty());
            } else {
                stored.begun(options.mode().mode()).ifPresent(ranges -> decided.put(table, Optional.of(ranges)));
            }
        });
    }

    private void divide(Connection connection, Collection<TableId> undecided, int tables) throws SQLException {
        List<Big> found = new ArrayList<>();
        for (TableId table : undecided) {
            decided.put(table, Optional.empty());
            OptionalLong rows = estimate(connection, table);
            if (rows.orElse(0) >= options.poll().rangesRowsMin()) {
                found.add(new Big(table, rows.getAsLong(), 1));
            }
        }
        for (Big each : divided(found, tasksMax - tables - taken())) {
            if (each.parts() > 1) {
                decided.put(each.table(), find(connection, each));
            }
        }
    }

    /** A table of which more than one task may read a part. */
    private record Big(TableId table, long rows, int parts) {
        long rowsOfPart() {
            return rows / parts;
        }
    }

    /** Tasks that read a table beside its first one. */
    private int taken() {
        return decided.values().stream()
                .flatMap(Optional::stream)
                .mapToInt(ranges -> ranges.count() - 1)
                .sum();
    }

    /** Gives one part more at a time, as long as there are tasks to spare, to the table with the largest parts. */
    private static List<Big> divided(List<Big> tables, int spare) {
        PriorityQueue<Big> largestFirst =
                new PriorityQueue<>(Comparator.comparingLong(Big::rowsOfPart).reversed());
        largestFirst.addAll(tables);
        for (int left = spare; left > 0 && !largestFirst.isEmpty(); left--) {
            Big most = largestFirst.remove();
            largestFirst.add(new Big(most.table(), most.rows(), Math.min(Ranges.MAX, most.parts() + 1)));
        }
        return List.copyOf(largestFirst);
    }

    private OptionalLong estimate(Connection connection, TableId table) throws SQLException {
        try {
            Relation relation = Relation.ofTable(table, SourcePartition.ofTable(table), options, dialect);
            return RowEstimate.of(connection, relation, dialect, 1);
        } catch (ConnectException ignored) { // a name that cannot be written, which the task says when it reads
            return OptionalLong.empty();
        }
    }

    /** Without ranges a table is read as ever, so whatever keeps them from being found is no reason to fail. */
    private Optional<Ranges> find(Connection connection, Big big) throws SQLException {
        TableId table = big.table();
        try {
            Optional<Ranges> found = finder.find(connection, table, big.parts(), big.rows());
            LOGGER.atInfo()
                    .addKeyValue("table", table)
                    .addKeyValue("rowsEstimated", big.rows())
                    .addKeyValue("ranges", found.map(Ranges::count).orElse(1))
                    .log(
                            found.isPresent()
                                    ? "a big table is read in ranges of its key"
                                    : "a big table is read by one task, as there is no key that falls into ranges, or options are"
                                            + " for one reader: late.rows.window.ms (on by default where the database does not tell"
                                            + " which transactions are open), timestamp.initial or incrementing.initial");
            return found;
        } catch (SQLException e) {
            if (dialect.failureKind(e) == FailureKind.RETRIABLE) {
                decided.remove(table);
                throw e;
            }
            return whole(table, e);
        } catch (ConnectException e) {
            return whole(table, e);
        } finally {
            connection.rollback();
        }
    }

    private static Optional<Ranges> whole(TableId table, Exception e) {
        LOGGER.atWarn()
                .addKeyValue("table", table)
                .addKeyValue("error", e.getMessage())
                .log("no ranges of a big table can be found, it is read by one task");
        return Optional.empty();
    }
}
