/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.TableId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** Makes the readers of one task: for each of its tables, or the query, where offsets say that earlier tasks left off. */
public final class TableReaders {

    private final SourceOptions options;
    private final Dialect dialect;
    private final Database database;
    private final OffsetStorageReader offsets;
    private final boolean keepsEveryOffset;
    private final Duration lateRowsWindow;
    private final LateRows.Memory lateRows = new LateRows.Memory();
    private final ReadProgress progress;
    private final LongSupplier nanoTime;

    private final List<TableReader> readers = new ArrayList<>();

    /**
     * @param keepsEveryOffset the worker stores offsets of records that are not sent, too: without the offset of a range's last row nobody
     *     knows that the range is through, so that tables are loaded by one task
     * @param lateRowsWindow how far back late rows are looked for; zero for not at all
     * @param progress is told of what is read whole
     */
    public TableReaders(
            SourceOptions options,
            Dialect dialect,
            Database database,
            OffsetStorageReader offsets,
            boolean keepsEveryOffset,
            Duration lateRowsWindow,
            ReadProgress progress,
            LongSupplier nanoTime) {
        this.options = options;
        this.dialect = dialect;
        this.database = database;
        this.offsets = offsets;
        this.keepsEveryOffset = keepsEveryOffset;
        this.lateRowsWindow = lateRowsWindow;
        this.progress = progress;
        this.nanoTime = nanoTime;
    }

    /**
     * The readers. Asks for stored offsets, which blocks.
     *
     * @param tables none for the query
     * @param assigned what the task reads of its only table; null if it reads its tables alone
     * @throws org.apache.kafka.connect.errors.ConnectException if an offset is none
     */
    public List<TableReader> of(List<TableId> tables, @Nullable AssignedRanges assigned) {
        OffsetLookup lookup = new OffsetLookup(offsets, tables);
        if (options.tables().isQuery()) {
            whole(Relation.ofQuery(options, dialect), lookup.of(null), lookup.late(null), null);
            return readers;
        }
        boolean bulk = options.mode().mode() == Mode.BULK;
        List<TableId> fresh =
                tables.stream().filter(table -> !bulk && lookup.isFresh(table)).toList();
        // Who reads a range keeps no keys: with deleted rows to be found a table has one reader from the beginning.
        Map<TableId, StoredRanges> stored = options.deletes().isOn() ? Map.of() : StoredRanges.of(offsets, fresh);
        for (TableId table : tables) {
            Relation relation = Relation.ofTable(table, lookup.partition(table), options, dialect);
            StoredRanges ofTable = stored.get(table);
            if (bulk && assigned != null) {
                parts(relation, assigned);
            } else if (ofTable != null) {
                first(relation, ofTable, assigned);
            } else if (follows(assigned)) {
                whole(relation, lookup.of(table), lookup.late(table), null);
            }
        }
        return readers;
    }

    /** The first of the tasks that share a table. */
    private static boolean follows(@Nullable AssignedRanges assigned) {
        return assigned == null || assigned.share() == 0;
    }

    private void parts(Relation relation, AssignedRanges assigned) {
        Ranges ranges = assigned.proposed();
        assigned.of(ranges)
                .forEach(i -> add(
                        relation.within(ranges.range(i)), JdbcOffset.NONE, null, null, ranges.name(i), ranges.count()));
    }

    /** A table of which nothing is stored, or only how far its ranges have been read. */
    private void first(Relation relation, StoredRanges stored, @Nullable AssignedRanges assigned) {
        Ranges ranges = stored.begun(options.mode().mode()).orElse(assigned == null ? null : assigned.proposed());
        if (ranges == null || !keepsEveryOffset) {
            if (follows(assigned)) {
                whole(relation, JdbcOffset.NONE, null, null);
            }
            return;
        }
        TableId table = relation.table();
        if (table == null) {
            throw new IllegalStateException("a query has no ranges");
        }
        (assigned == null ? new AssignedRanges(0, 1, ranges) : assigned)
                .of(ranges)
                .forEach(i -> readers.add(new RangeLoader(
                        relation.withPartition(SourcePartition.ofRange(table, i)),
                        ranges,
                        i,
                        stored.of(ranges, i),
                        options,
                        dialect,
                        database,
                        progress,
                        nanoTime)));
        if (follows(assigned)) {
            RangeQueries queries = new RangeQueries(
                    relation, ranges, options.mode(), dialect, options.types().zone());
            SettledBounds bounds = new SettledBounds(options.mode(), dialect, nanoTime);
            whole(
                    relation,
                    JdbcOffset.NONE,
                    null,
                    new FirstLoad(
                            offsets,
                            table,
                            options.mode().mode(),
                            queries,
                            bounds,
                            options.poll().interval(),
                            nanoTime));
        }
    }

    /** @param late what the offset tells of rows behind it */
    private void whole(Relation relation, JdbcOffset offset, @Nullable String late, @Nullable FirstLoad firstLoad) {
        add(relation, offset, late, firstLoad, "all", 1);
    }

    private void add(
            Relation relation,
            JdbcOffset stored,
            @Nullable String late,
            @Nullable FirstLoad firstLoad,
            String name,
            int parts) {
        ToldKeys told = options.deletes().isOn()
                ? ToldKeys.load(relation, offsets, stored, options.deletes().keysMax())
                : null;
        JdbcOffset offset = told == null ? stored : told.place();
        boolean readsAll = firstLoad == null && offset.equals(JdbcOffset.NONE);
        readers.add(new RelationReader(
                relation,
                options,
                dialect,
                database,
                new Beginning(offset, lateRowsWindow, late, lateRows, told),
                firstLoad,
                readsAll ? progress.part(relation, name) : progress.possible(relation, name),
                parts,
                nanoTime));
    }
}
