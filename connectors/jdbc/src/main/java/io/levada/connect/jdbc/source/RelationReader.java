/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads one table, a range of it, or the query, over and over: what is new, batch by batch, or all in mode bulk. A pass that is broken
 * off goes on after the last row handed out. Owned by the task's thread.
 */
final class RelationReader implements TableReader {

    private final Relation relation;
    private final ModeOptions mode;
    private final Dialect dialect;
    private final SourceOptions options;
    private final SettledBounds bounds;
    private final Incarnation incarnation;
    private final ResultReader result;
    private final @Nullable LateRows late;
    private final @Nullable DeletedRows deleted;
    private final Database database;
    private final ReadProgress.Part progress;
    private final int parts;

    /** Rows are put into the order of the primary key, or their records have it. */
    private final boolean usesKey;

    private JdbcOffset offset;
    private boolean begun;
    private @Nullable Structure structure;

    /** What has to be through before this one begins. */
    private @Nullable FirstLoad firstLoad;

    /** The bound of the pass that has begun and is not through, and its last row handed out, if the offset does not tell it. */
    private @Nullable Bound passBound;

    private @Nullable Row unfinished;

    /** All rows are read in this pass, so that somebody may want to know how far it is. */
    private boolean readsAll;

    private boolean passIsOver;

    /**
     * @param beginning where an earlier task left off
     * @param firstLoad what has to be through first, behind which the table is followed then; null for nothing
     * @param progress is told of passes that read all rows
     * @param parts how many like it read the table
     */
    RelationReader(
            Relation relation,
            SourceOptions options,
            Dialect dialect,
            Database database,
            Beginning beginning,
            @Nullable FirstLoad firstLoad,
            ReadProgress.Part progress,
            int parts,
            LongSupplier nanoTime) {
        this.relation = relation;
        this.mode = options.mode();
        this.options = options;
        this.dialect = dialect;
        this.bounds = new SettledBounds(mode, dialect, nanoTime);
        this.incarnation = new Incarnation(relation, dialect);
        this.firstLoad = firstLoad;
        this.database = database;
        this.offset =
                firstLoad == null ? beginning.offset() : firstLoad.ranges().following(mode.mode());
        this.late = beginning.window().isZero()
                ? null
                : new LateRows(
                        beginning.window(),
                        mode.mode() == Mode.TIMESTAMP || options.tables().isQuery(),
                        this.offset,
                        beginning.lateRows(),
                        nanoTime);
        if (late != null && beginning.late() != null) {
            late.restore(beginning.late());
        }
        ToldKeys told = beginning.told();
        this.deleted = told == null ? null : new DeletedRows(relation, options, dialect, told, nanoTime);
        this.progress = progress;
        this.parts = parts;
        this.usesKey = !mode.mode().usesIncrementing() || options.topics().key() == KeySource.PRIMARY_KEY;
        this.result = new ResultReader(
                relation,
                options,
                mode.mode(),
                dialect,
                database,
                late,
                told,
                mode.mode() == Mode.BULK ? place -> null : JdbcOffset::toMap);
    }

    @Override
    public Outcome read() throws SQLException {
        if (firstLoad != null && !firstLoad.isDue()) {
            return Outcome.HELD_BACK;
        }
        if (deleted != null && begun && !result.isOpen() && passBound == null && deleted.isDue()) {
            passIsOver = false;
            look(deleted);
            return Outcome.MORE;
        }
        Outcome outcome = result.read(this::open);
        passIsOver = outcome == Outcome.DONE;
        if (passIsOver) {
            passBound = null;
            unfinished = null;
        }
        return outcome;
    }

    private void look(DeletedRows rows) throws SQLException {
        try {
            if (rows.isToBegin()) {
                beginLook(rows);
            }
            rows.read();
        } catch (SQLException | RuntimeException e) {
            try {
                rows.rest();
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void beginLook(DeletedRows rows) throws SQLException {
        Connection connection = database.connect();
        try {
            Structure now = structure(connection);
            rows.begin(connection, kind(now), result.keyColumns(now.primaryKey()));
        } catch (SQLException | RuntimeException e) {
            if (!rows.isReading()) {
                ResultReader.closeAfter(e, connection);
            }
            throw e;
        }
    }

    @Override
    public List<SourceRecord> records() {
        List<SourceRecord> tombstones = deleted == null ? List.of() : deleted.tombstones();
        if (!tombstones.isEmpty()) {
            return tombstones;
        }
        List<SourceRecord> records = result.batch().take();
        if (!records.isEmpty()) {
            offset = result.batch().offset();
            unfinished = passBound == null ? null : result.batch().unfinished();
            if (readsAll) {
                progress.read(records.size());
            }
        }
        if (readsAll && passIsOver) {
            readsAll = false;
            progress.end();
        }
        return records;
    }

    /** Opens a result if there may be something to read; otherwise says why there is none. */
    private Outcome open(Connection connection) throws SQLException {
        Structure now = structure(connection);
        NewRowsQuery.Kind kind = kind(now);
        if (passBound == null) {
            if (mode.mode() == Mode.INCREMENTING && incarnation.beginsAnew(connection, kind, offset)) {
                offset = JdbcOffset.NONE;
                begin(initial(connection));
                firstLoad = null;
            }
            if (firstLoad != null && !firstLoad.isThrough(connection, now.columns())) {
                return Outcome.HELD_BACK;
            }
            firstLoad = null;
            if (!begun) {
                begin(initial(connection));
            }
            if (late != null) {
                offset = late.floor();
            }
            beginProgress(connection);
            Optional<Bound> bound = bounds.next(connection, kind, offset);
            if (bound.isEmpty()) {
                return Outcome.HELD_BACK;
            }
            if (bound.get().equals(Bound.NOTHING)) {
                return Outcome.DONE;
            }
            passBound = bound.get();
        }
        NewRowsQuery query = new NewRowsQuery(kind, offset, unfinished, passBound);
        String select =
                mode.mode() == Mode.BULK ? relation.select(now.columns()) : relation.selectForConditions(now.columns());
        result.open(connection, kind, query, select, offset, now.primaryKey());
        return Outcome.MORE;
    }

    /** What the relation looks like now. Its key may be another although its columns are the same; a pass goes on in the one it began with. */
    private Structure structure(Connection connection) throws SQLException {
        boolean begins = passBound == null && usesKey;
        Structure now = Structure.of(relation, dialect, connection, begins ? null : structure);
        structure = now;
        return now;
    }

    private NewRowsQuery.Kind kind(Structure now) {
        FollowedColumns followed = FollowedColumns.of(relation, now.columns(), mode, dialect);
        return new NewRowsQuery.Kind(
                relation, followed, order(now), null, dialect, options.types().zone());
    }

    private void begin(JdbcOffset place) {
        begun = true;
        offset = place;
        if (late != null) {
            late.reset(place);
        }
    }

    /** A pass that reads everything has an end to be waited for. */
    private void beginProgress(Connection connection) throws SQLException {
        if (!offset.equals(JdbcOffset.NONE)) {
            progress.leaveOut();
        } else if (!readsAll) {
            readsAll = true;
            progress.begin(RowEstimate.of(connection, relation, dialect, parts), 0);
        }
    }

    /** The key that tells rows of one moment, or all of them, apart. */
    private List<String> order(Structure now) {
        return mode.mode().usesIncrementing() ? List.of() : now.order(relation, dialect, options.types());
    }

    private JdbcOffset initial(Connection connection) throws SQLException {
        if (mode.mode() == Mode.INCREMENTING) {
            return offset.incrementing() == null && mode.incrementingInitial() != null
                    ? new JdbcOffset(mode.incrementingInitial(), null)
                    : offset;
        }
        Long initial = mode.timestampInitial();
        if (initial == null || offset.timestamp() != null || !mode.mode().usesTimestamp()) {
            return offset;
        }
        return new JdbcOffset(
                offset.incrementing(), initial == -1 ? dialect.now(connection) : Instant.ofEpochMilli(initial));
    }

    @Override
    public boolean isWhole() {
        return result.batch().isWhole();
    }

    @Override
    public boolean isReading() {
        return result.isOpen() || (deleted != null && deleted.isReading());
    }

    @Override
    public boolean mayRest() {
        return unfinished == null || (structure != null && !order(structure).isEmpty());
    }

    @Override
    public void rest() throws SQLException {
        result.rest();
        if (deleted != null) {
            deleted.rest();
        }
    }

    @Override
    public String toString() {
        return relation.toString();
    }
}
