/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.metrics.SnapshotProgress;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of tables as they are in one exported snapshot. Chunks are read by several connections at once and told one after
 * the other; each row is held back until it is known whether it is its table's last.
 */
public final class Snapshot {

    private static final Logger LOGGER = LoggerFactory.getLogger(Snapshot.class);

    /** SQLState of what goes well with another snapshot. */
    private static final String SERIALIZATION_FAILURE = "40001";

    /** Blocks of a chunk: some megabytes. */
    private static final int CHUNK_BLOCKS = 512;

    /** Beside a lock that we hold, one more must not wait behind somebody who waits for it: nobody would notice. */
    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'";

    private static final String FILES = "WITH RECURSIVE tree(oid, relkind) AS ("
            + " SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ?"
            + " UNION ALL SELECT c.oid, c.relkind FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid AND t.relkind = 'p'"
            + " JOIN pg_class c ON c.oid = i.inhrelid)"
            + " SELECT n.nspname, c.relname, pg_relation_filenode(c.oid)::int8,"
            + " pg_relation_size(c.oid) / current_setting('block_size')::int8, c.relfilenode::int8,"
            + " c.relreplident <> 'f' AND c.reltoastrelid <> 0 AND pg_relation_size(c.reltoastrelid) > 0"
            + " FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind = 'r' ORDER BY n.nspname, c.relname";

    /** What is to be done while a reader has nothing yet. */
    @FunctionalInterface
    public interface Waiting {
        void goesOn() throws SQLException;
    }

    private final SnapshotOptions options;
    private final Connections connections;
    private final Tables tables;
    private final RowRules rules;
    private final SnapshotProgress progress;

    /** @param progress is told how far reading has come */
    public Snapshot(
            SnapshotOptions options,
            Connections connections,
            Tables tables,
            RowRules rules,
            SnapshotProgress progress) {
        this.options = options;
        this.connections = connections;
        this.tables = tables;
        this.rules = rules;
        this.progress = progress;
    }

    /**
     * Reads and tells all rows of the tables.
     *
     * @param exported the snapshot's name; must live until this returns
     * @param names tables in the order in which they are told
     * @param from where an earlier reading stopped within the first table, or null
     * @param reads takes the rows
     * @param waiting called every now and then on the calling thread while rows take their time
     * @throws InterruptedException if the capture is ended meanwhile
     */
    public void read(String exported, List<TableName> names, @Nullable SnapshotPlace from, Reads reads, Waiting waiting)
            throws SQLException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(options.threads(), work -> {
            Thread thread = new Thread(work, "cdc-snapshot-" + connections.database());
            thread.setDaemon(true);
            return thread;
        });
        List<Connection> opened = new ArrayList<>();
        try {
            BlockingQueue<Connection> free = new ArrayBlockingQueue<>(options.threads());
            for (int i = 0; i < options.threads(); i++) {
                Connection connection = connections.open();
                opened.add(connection);
                take(connection, exported);
                free.add(connection);
            }
            lock(opened.get(0), names);
            for (Connection connection : opened) {
                run(connection, LOCK_TIMEOUT);
            }
            tell(chunks(opened.get(0), names, from), free, threads, reads, waiting);
        } finally {
            threads.shutdownNow();
            close(opened);
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOGGER.warn("a thread that reads a snapshot does not end");
            }
        }
    }

    private static void take(Connection connection, String exported) throws SQLException {
        connection.setAutoCommit(false);
        run(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        run(connection, "SET TRANSACTION SNAPSHOT '" + exported.replace("'", "''") + "'");
        run(connection, "SET LOCAL statement_timeout = 0");
        run(connection, "SET LOCAL idle_in_transaction_session_timeout = 0");
        run(connection, "SET LOCAL row_security = off"); // an error is better than rows that are left out
        run(connection, "SET LOCAL synchronize_seqscans = off"); // rows in the order of their places
    }

    /** Keeps the tables from being rewritten until their rows are read: a rewritten table looks empty to older snapshots. */
    private void lock(Connection connection, List<TableName> names) throws SQLException {
        for (TableName name : names) {
            if (!tables.current(name).columnNames().isEmpty()) {
                run(connection, "LOCK TABLE " + name.sql() + " IN ACCESS SHARE MODE");
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void close(List<Connection> connections) {
        for (Connection connection : connections) {
            try {
                connection.abort(Runnable::run); // breaks off what a thread reads, too
            } catch (SQLException e) {
                LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("cannot close a connection of a snapshot");
            }
        }
    }

    private List<Chunk> chunks(Connection connection, List<TableName> names, @Nullable SnapshotPlace from)
            throws SQLException {
        List<Chunk> chunks = new ArrayList<>();
        for (TableName name : names) {
            CapturedTable table = tables.current(name);
            if (table.columnNames().isEmpty()) {
                continue; // dropped since, or without columns
            }
            List<StoredFile> files = files(connection, name);
            Optional<String> statement = rules.select(name);
            if (statement.isPresent()) {
                chunks.add(new Chunk(table, name, 0, 0, 0, -1, true, given(connection, table, statement.get())));
                continue;
            }
            for (StoredFile stored : left(files, from)) {
                split(chunks, table, stored, stored.isAt(from) ? from : null);
            }
            if (!chunks.isEmpty() && chunks.get(chunks.size() - 1).told() == table) {
                chunks.set(chunks.size() - 1, chunks.get(chunks.size() - 1).asLast());
            }
        }
        return chunks;
    }

    private static ChosenRows given(Connection connection, CapturedTable table, String statement) throws SQLException {
        Set<String> given = new HashSet<>();
        try (Statement asked = connection.createStatement();
                ResultSet none = asked.executeQuery("SELECT * FROM (" + statement + "\n) AS chosen LIMIT 0")) {
            ResultSetMetaData columns = none.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                given.add(columns.getColumnLabel(i));
            }
        }
        for (String column : given) {
            if (!table.columnNames().contains(column)) {
                throw new ConnectException(RowRules.SELECTS + "." + table.name() + " gives a column " + column
                        + ", which the table does not have; it has " + table.columnNames());
            }
        }
        return new ChosenRows(null, statement, given);
    }

    private void split(List<Chunk> into, CapturedTable table, StoredFile stored, @Nullable SnapshotPlace from) {
        ChosenRows rows = ChosenRows.of(rules.filter(table.name()).orElse(null));
        // A row that was moved by an update since is told by the stream, but without a large value that the update left
        // alone.
        boolean goesOn = from != null && !stored.mayMoveUntold();
        long block = goesOn && from != null ? from.block() : 0;
        int behind = goesOn && from != null ? from.item() : 0;
        while (block + CHUNK_BLOCKS < stored.blocks()) {
            into.add(new Chunk(table, stored.name(), stored.file(), block, behind, block + CHUNK_BLOCKS, false, rows));
            block += CHUNK_BLOCKS;
            behind = 0;
        }
        into.add(new Chunk(table, stored.name(), stored.file(), block, behind, -1, false, rows));
    }

    /**
     * A table or partition with rows of its own.
     *
     * @param mayMoveUntold has large values that the stream does not tell when an update leaves them alone
     */
    private record StoredFile(TableName name, long file, long blocks, boolean mayMoveUntold) {
        private boolean isAt(@Nullable SnapshotPlace place) {
            return place != null && place.table().equals(name.toString()) && place.file() == file;
        }
    }

    /** Without the files that were done before. */
    private static List<StoredFile> left(List<StoredFile> files, @Nullable SnapshotPlace from) {
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).isAt(from)) {
                return files.subList(i, files.size());
            }
        }
        return files;
    }

    private static List<StoredFile> files(Connection connection, TableName table) throws SQLException {
        List<StoredFile> files = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(FILES)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    StoredFile file = new StoredFile(
                            new TableName(rows.getString(1), rows.getString(2)),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getBoolean(6));
                    if (rows.getLong(5) != 0 && rows.getLong(5) != file.file()) {
                        throw new SQLException(
                                "table " + file.name()
                                        + " was rewritten after the snapshot was taken, which does not see its rows",
                                SERIALIZATION_FAILURE);
                    }
                    files.add(file);
                }
            }
        }
        return files;
    }

    private void tell(
            List<Chunk> chunks, BlockingQueue<Connection> free, ExecutorService threads, Reads reads, Waiting waiting)
            throws SQLException, InterruptedException {
        progress.planned(
                chunks.stream().map(chunk -> chunk.told().name().toString()).toList());
        Iterator<Chunk> left = chunks.iterator();
        Deque<ChunkReader> reading = new ArrayDeque<>();
        while (left.hasNext() || !reading.isEmpty()) {
            while (left.hasNext() && reading.size() < options.threads()) {
                reading.add(start(left.next(), free, threads));
            }
            tell(reading.remove(), reads, waiting);
        }
        reads.end();
    }

    private static ChunkReader start(Chunk chunk, BlockingQueue<Connection> free, ExecutorService threads)
            throws InterruptedException {
        Connection connection = free.take();
        ChunkReader reader = new ChunkReader(chunk, connection);
        Future<?> unused = threads.submit(() -> {
            try {
                return reader.call();
            } finally {
                free.add(connection);
            }
        });
        return reader;
    }

    private void tell(ChunkReader reader, Reads reads, Waiting waiting) throws SQLException, InterruptedException {
        Chunk chunk = reader.chunk();
        String stored = chunk.stored().toString();
        boolean last = false;
        while (!last) {
            ChunkReader.Part part = reader.next();
            if (part == null) {
                waiting.goesOn();
                continue;
            }
            Throwable failure = part.failure();
            if (failure instanceof SQLException e) {
                throw e;
            }
            if (failure != null) {
                throw new ConnectException(
                        "rows of table " + chunk.told().name() + " cannot be read: " + failure.getMessage(), failure);
            }
            for (Row row : part.rows()) {
                reads.row(
                        chunk.told(),
                        row.key(),
                        row.value(),
                        new SnapshotPlace(stored, chunk.file(), row.block(), row.item()),
                        row.bytes());
            }
            last = part.last();
        }
        progress.chunkDone(chunk.told().name().toString());
        if (chunk.last()) {
            reads.endOf(chunk.told());
        }
    }
}
