/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

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
        this(PostgresServer.shared());
    }

    CdcFixture(PostgresServer server) throws SQLException {
        postgres = server.newDatabase();
        String name = postgres.name();
        config.put("name", name);
        config.put("database.hostname", "localhost");
        config.put("database.port", Integer.toString(server.port()));
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

    /** Polls until all rows have been read and a mark, written behind all there is, has come; gives what came before it. */
    List<SourceRecord> untilMark(SourceHarness source) throws Exception {
        List<SourceRecord> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        postgres.execute(MARK);
        while (System.nanoTime() < deadline) {
            for (SourceRecord record : source.poll()) {
                if (!isMark(record)) {
                    records.add(record);
                } else if (hasReadAll(record)) {
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
        return record.topic().equals("p.message")
                && ((Struct) record.key()).getString("prefix").equals("mark");
    }

    /** Rows of some tables may be read in the midst of following changes. */
    private boolean hasReadAll(SourceRecord mark) throws SQLException {
        Object read = mark.sourceOffset().get("levada_tables");
        List<String> tables = postgres.rows("SELECT 'public.' || relname FROM pg_class WHERE relkind = 'r' AND"
                + " relnamespace = 'public'::regnamespace");
        return read != null && List.of(String.valueOf(read).split(",")).containsAll(tables);
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
