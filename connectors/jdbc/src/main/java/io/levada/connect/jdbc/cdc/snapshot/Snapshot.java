/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
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

    /** Blocks of a chunk: some megabytes. */
    private static final int CHUNK_BLOCKS = 512;

    /** Ranges of row places can be read by themselves since PostgreSQL 14. */
    private static final int RANGES_SINCE = 140_000;

    private static final String FILES = "WITH RECURSIVE tree(oid, relkind) AS ("
            + " SELECT c.oid, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ?"
            + " UNION ALL SELECT c.oid, c.relkind FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid AND t.relkind = 'p'"
            + " JOIN pg_class c ON c.oid = i.inhrelid)"
            + " SELECT n.nspname, c.relname, pg_relation_filenode(c.oid)::int8,"
            + " pg_relation_size(c.oid) / current_setting('block_size')::int8"
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
    private final int serverVersion;

    public Snapshot(SnapshotOptions options, Connections connections, Tables tables, int serverVersion) {
        this.options = options;
        this.connections = connections;
        this.tables = tables;
        this.serverVersion = serverVersion;
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
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT '" + exported.replace("'", "''") + "'");
            statement.execute("SET LOCAL statement_timeout = 0");
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
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
            List<String> columns = tables.columnNames(name);
            if (columns.isEmpty()) {
                continue; // dropped since
            }
            List<Chunk> ofTable = new ArrayList<>();
            for (StoredFile stored : left(files(connection, name), from)) {
                split(ofTable, table, columns, stored, from != null && stored.isAt(from) ? from.block() : 0);
            }
            for (int i = 0; i < ofTable.size(); i++) {
                Chunk chunk = ofTable.get(i);
                chunks.add(new Chunk(
                        chunk.told(),
                        chunk.columns(),
                        chunk.stored(),
                        chunk.file(),
                        chunk.from(),
                        chunk.until(),
                        i == ofTable.size() - 1));
            }
        }
        return chunks;
    }

    private void split(List<Chunk> into, CapturedTable table, List<String> columns, StoredFile stored, long first) {
        long block = first;
        if (serverVersion >= RANGES_SINCE) {
            for (; block + CHUNK_BLOCKS < stored.blocks(); block += CHUNK_BLOCKS) {
                into.add(new Chunk(table, columns, stored.name(), stored.file(), block, block + CHUNK_BLOCKS, false));
            }
        } else {
            block = 0;
        }
        into.add(new Chunk(table, columns, stored.name(), stored.file(), block, -1, false));
    }

    private record StoredFile(TableName name, long file, long blocks) {
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
                    files.add(new StoredFile(
                            new TableName(rows.getString(1), rows.getString(2)), rows.getLong(3), rows.getLong(4)));
                }
            }
        }
        return files;
    }

    private void tell(
            List<Chunk> chunks, BlockingQueue<Connection> free, ExecutorService threads, Reads reads, Waiting waiting)
            throws SQLException, InterruptedException {
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

    private static void tell(ChunkReader reader, Reads reads, Waiting waiting)
            throws SQLException, InterruptedException {
        Chunk chunk = reader.chunk();
        reads.begin(chunk.told(), new SnapshotPlace(chunk.stored().toString(), chunk.file(), chunk.from()));
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
                throw new ConnectException(failure.getMessage(), failure);
            }
            for (Row row : part.rows()) {
                reads.row(row.key(), row.value());
            }
            last = part.last();
        }
        reads.endOfChunk(
                chunk.last(),
                chunk.until() < 0 ? null : new SnapshotPlace(chunk.stored().toString(), chunk.file(), chunk.until()));
    }
}
