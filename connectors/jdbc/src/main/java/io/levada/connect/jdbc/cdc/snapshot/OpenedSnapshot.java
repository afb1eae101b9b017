/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.snapshot;

import io.levada.connect.jdbc.cdc.event.CdcOffset.SnapshotPlace;
import io.levada.connect.jdbc.cdc.event.Reads;
import io.levada.connect.jdbc.cdc.metrics.SnapshotProgress;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import io.levada.connect.jdbc.threads.ConnectorThread;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

/** Rows of one exported snapshot, which its connections hold; used by the thread that tells them. */
public final class OpenedSnapshot implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(OpenedSnapshot.class);

    /** SQLState of what goes well with another snapshot. */
    public static final String SERIALIZATION_FAILURE = "40001";

    /** Blocks of a chunk: some megabytes. */
    private static final int CHUNK_BLOCKS = 512;

    private static final String FILES = Catalogue.TREE
            + "SELECT n.nspname, c.relname, pg_relation_filenode(c.oid)::int8,"
            + " pg_relation_size(c.oid) / current_setting('block_size')::int8, c.relfilenode::int8,"
            + " c.relreplident <> 'f' AND c.reltoastrelid <> 0 AND pg_relation_size(c.reltoastrelid) > 0, tree.schema, tree.name"
            + " FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind = 'r' ORDER BY n.nspname, c.relname";

    private final List<Connection> opened;
    private final Tables tables;
    private final RowRules rules;
    private final SnapshotProgress progress;
    private final boolean updatesTold;
    private final ExecutorService threads;
    private final BlockingQueue<Connection> free;
    private final SilentReader silent;
    private final Deque<ChunkReader> reading = new ArrayDeque<>();
    private Iterator<Chunk> left = List.<Chunk>of().iterator();

    /** @param opened in transactions with the snapshot; the first has locks on the tables */
    OpenedSnapshot(
            List<Connection> opened,
            Tables tables,
            RowRules rules,
            SnapshotProgress progress,
            boolean updatesTold,
            Connections connections) {
        this.opened = opened;
        this.tables = tables;
        this.rules = rules;
        this.progress = progress;
        this.updatesTold = updatesTold;
        this.silent = new SilentReader(connections);
        this.free = new ArrayBlockingQueue<>(opened.size(), false, opened);
        this.threads = Executors.newFixedThreadPool(
                opened.size(), work -> ConnectorThread.daemon("cdc-snapshot-" + connections.database(), work));
    }

    /**
     * From now on these tables are told, all told of before having been.
     *
     * @param from where an earlier reading stopped within one of them, or null
     * @throws SQLException with {@link #SERIALIZATION_FAILURE} if one was rewritten since the snapshot was taken
     */
    public void begin(List<Wanted> wanted, @Nullable SnapshotPlace from) throws SQLException {
        List<Chunk> chunks = chunks(opened.get(0), wanted, updatesTold ? from : null);
        progress.planned(
                chunks.stream().map(chunk -> chunk.told().name().toString()).toList());
        left = chunks.iterator();
    }

    /** Whether all has been told. */
    public boolean isDone() {
        return reading.isEmpty() && !left.hasNext();
    }

    /**
     * Tells the next rows, some thousand at most.
     *
     * @param patience how long to wait for them
     * @return bytes of their text; -1 if none came in that time
     */
    public int tell(Reads reads, Duration patience) throws SQLException, InterruptedException {
        while (left.hasNext() && reading.size() < opened.size()) {
            reading.add(start(left.next()));
        }
        ChunkReader reader = reading.peek();
        if (reader == null) {
            return -1;
        }
        ChunkReader.Part part = reader.next(patience);
        if (part == null) {
            silent.check(reader);
            return -1;
        }
        Throwable failure = part.failure();
        if (failure instanceof SQLException e) {
            throw e;
        }
        Chunk chunk = reader.chunk();
        if (failure != null) {
            throw new ConnectException(
                    "rows of table " + chunk.told().name() + " cannot be read: " + failure.getMessage(), failure);
        }
        String stored = chunk.stored().toString();
        int bytes = 0;
        for (Row row : part.rows()) {
            bytes += row.bytes();
            reads.row(
                    chunk.told(),
                    row.key(),
                    row.value(),
                    new SnapshotPlace(stored, chunk.file(), row.block(), row.item()),
                    row.bytes());
        }
        if (part.last()) {
            reading.remove();
            progress.chunkDone(chunk.told().name().toString());
            if (chunk.last()) {
                reads.endOf(chunk.told());
            }
        }
        return bytes;
    }

    /**
     * Tells all that is left.
     *
     * @param waiting called every now and then while rows take their time
     */
    public void tellAll(Reads reads, Snapshot.Waiting waiting) throws SQLException, InterruptedException {
        while (!isDone()) {
            if (tell(reads, Duration.ofSeconds(1)) < 0) {
                waiting.goesOn();
            }
        }
    }

    /** Ends reading and gives the snapshot up. */
    @Override
    public void close() {
        threads.shutdownNow();
        close(opened);
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                LOGGER.warn("a thread that reads a snapshot does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void close(List<Connection> connections) {
        for (Connection connection : connections) {
            try {
                connection.abort(Runnable::run); // breaks off what a thread reads, too
            } catch (SQLException e) {
                LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("cannot close a connection of a snapshot");
            }
        }
    }

    private List<Chunk> chunks(Connection connection, List<Wanted> wanted, @Nullable SnapshotPlace from)
            throws SQLException {
        List<Chunk> chunks = new ArrayList<>();
        Map<TableName, CapturedTable> present = new HashMap<>();
        for (CapturedTable table :
                tables.current(wanted.stream().map(Wanted::name).toList())) {
            if (!table.columnNames().isEmpty()) { // else it was dropped since, or is without columns
                present.put(table.name(), table);
            }
        }
        Map<TableName, List<StoredFile>> filesByTable = files(connection, present.keySet());
        for (Wanted each : wanted) {
            CapturedTable table = present.get(each.name());
            if (table == null) {
                continue;
            }
            List<StoredFile> files = filesByTable.getOrDefault(each.name(), List.of());
            Optional<String> statement = each.filter() == null ? rules.select(each.name()) : Optional.empty();
            if (statement.isPresent()) {
                chunks.add(new Chunk(table, each.name(), 0, 0, 0, -1, true, given(connection, table, statement.get())));
                continue;
            }
            ChosenRows rows = ChosenRows.of(rules.filter(each.name()).orElse(null), each.filter());
            for (StoredFile stored : left(files, from)) {
                split(chunks, table, rows, stored, stored.isAt(from) ? from : null);
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

    private void split(
            List<Chunk> into, CapturedTable table, ChosenRows rows, StoredFile stored, @Nullable SnapshotPlace from) {
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

    /** By the table that they belong to, as it is called in the snapshot. */
    private static Map<TableName, List<StoredFile>> files(Connection connection, Set<TableName> tables)
            throws SQLException {
        Map<TableName, List<StoredFile>> files = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(FILES)) {
            Catalogue.name(statement, tables);
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
                    files.computeIfAbsent(
                                    new TableName(rows.getString(7), rows.getString(8)), table -> new ArrayList<>())
                            .add(file);
                }
            }
        }
        return files;
    }

    private ChunkReader start(Chunk chunk) throws SQLException, InterruptedException {
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
}
