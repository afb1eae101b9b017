/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A database under capture, and what its topics come to. */
final class CdcFixture {

    static final Duration PATIENCE = Duration.ofMinutes(2);

    final Postgres postgres;
    final MemoryOffsets offsets = new MemoryOffsets();

    /** The connector's configuration; tests change it. */
    final Map<String, String> config = new HashMap<>();

    CdcFixture() throws SQLException {
        this(Postgres.newDatabase());
    }

    CdcFixture(PostgresServer server) throws SQLException {
        this(server.newDatabase());
    }

    CdcFixture(Postgres postgres) {
        this.postgres = postgres;
        String name = postgres.name();
        config.put("name", name);
        config.put("database.hostname", "localhost");
        config.put("database.port", Integer.toString(postgres.serverPort()));
        config.put("database.user", "postgres");
        config.put("database.password", "postgres");
        config.put("database.dbname", name);
        config.put("topic.prefix", "p");
        config.put("slot.name", "slot_" + name);
        config.put("publication.name", "pub_" + name);
        config.put("publication.autocreate.mode", "filtered");
        config.put("table.include.list", "public\\..*");
        config.put("poll.interval.ms", "20");
        config.put("status.update.interval.ms", "100");
        config.put("retriable.restart.connector.wait.ms", "20");
        config.put("slot.retry.delay.ms", "50");
        config.put("extended.headers.enabled", "false");
    }

    SourceHarness start() {
        return SourceHarness.start(new PostgresCdcSourceConnector(), config, offsets);
    }

    /** So that a restart, or a change, comes in the midst of a table's rows. */
    void readInSmallBatches() {
        config.put("max.batch.size", "100");
        config.put("max.queue.size", "200");
    }

    /** From now on the connector listens to a table, which {@link #ask} writes to. */
    void listen() throws SQLException {
        postgres.execute("CREATE SCHEMA asked", "CREATE TABLE asked.signals (id text, type text, data text)");
        config.put("signal.data.collection", "asked.signals");
    }

    void ask(String type, String data) throws SQLException {
        postgres.execute("INSERT INTO asked.signals VALUES ('x', '" + type + "', '" + data.replace("'", "''") + "')");
    }

    /** Until then changes are none of ours where no rows are read. */
    void awaitActiveSlot() {
        await().atMost(PATIENCE).until(this::hasActiveSlot);
    }

    private boolean hasActiveSlot() throws SQLException {
        return !postgres.rows("SELECT 1 FROM pg_replication_slots WHERE active AND confirmed_flush_lsn IS NOT NULL"
                        + " AND slot_name = '" + config.get("slot.name") + "'")
                .isEmpty();
    }

    /** Polls until all rows have been read and a mark, written behind all there is, has come; gives what came before it. */
    List<SourceRecord> untilMark(SourceHarness source) throws Exception {
        List<String> tables = postgres.rows("SELECT 'public.' || relname FROM pg_class WHERE relkind = 'r' AND"
                + " relnamespace = 'public'::regnamespace");
        return untilMark(source, tables);
    }

    /** The same, where this one table is captured. */
    List<SourceRecord> untilMarkOf(SourceHarness source, String table) throws Exception {
        return untilMark(source, List.of("public." + table));
    }

    private List<SourceRecord> untilMark(SourceHarness source, List<String> tables) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean marked = false;
        while (System.nanoTime() < deadline) {
            if (!marked && hasActiveSlot()) {
                marked = true;
                postgres.execute(MARK);
            }
            for (SourceRecord record : source.poll()) {
                if (!isMark(record)) {
                    records.add(record);
                } else if (hasReadAll(record, tables)) {
                    return records;
                } else {
                    postgres.execute(MARK);
                }
            }
        }
        throw new TimeoutException("the mark did not come; before it came " + records.size());
    }

    private static final String MARK = "SELECT pg_logical_emit_message(false, 'mark', '')";

    private static boolean isMark(SourceRecord record) {
        return record.topic().endsWith(".message")
                && ((Struct) record.key()).getString("prefix").equals("mark");
    }

    /** Rows of some tables may be read in the midst of following changes. */
    private static boolean hasReadAll(SourceRecord mark, List<String> tables) {
        Object read = mark.sourceOffset().get("levada_tables");
        return read != null
                && !mark.sourceOffset().containsKey("levada_asked")
                && List.of(String.valueOf(read).split(",")).containsAll(tables);
    }

    /** {@code op key before->after}, for reading in assertions. */
    static String told(SourceRecord record) {
        Struct value = (Struct) record.value();
        if (value == null) {
            return "tombstone " + record.key();
        }
        if (value.schema().field("op") == null) {
            return value.toString();
        }
        String key = record.key() == null ? "" : " " + fields((Struct) record.key());
        String before = value.schema().field("before") == null ? "" : fields(value.getStruct("before"));
        String after = value.schema().field("after") == null ? "" : fields(value.getStruct("after"));
        return value.getString("op") + key + " " + before + "->" + after;
    }

    private static String fields(@Nullable Struct struct) {
        if (struct == null) {
            return "";
        }
        List<String> values = new ArrayList<>();
        struct.schema().fields().forEach(field -> values.add(String.valueOf(struct.get(field))));
        return String.join(",", values);
    }

    static List<String> told(List<SourceRecord> records) {
        return records.stream().map(CdcFixture::told).toList();
    }

    /** Rows of a table by key, as its topic says; the last word on each key counts. */
    static Map<String, String> replayed(List<SourceRecord> records, String table) {
        Map<String, String> rows = new TreeMap<>();
        for (SourceRecord record : records) {
            if (!record.topic().equals("p.public." + table)) {
                continue;
            }
            String key = fields((Struct) record.key());
            Struct value = (Struct) record.value();
            if (value == null || value.getString("op").equals("d")) {
                rows.remove(key);
            } else {
                rows.put(key, fields(value.getStruct("after")));
            }
        }
        return rows;
    }

    /** The same of the table itself; its key is column id. */
    Map<String, String> rows(String table) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        postgres.rows("SELECT * FROM " + table).forEach(row -> rows.put(row.substring(0, row.indexOf(',')), row));
        return rows;
    }
}
