/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.it.database.Line;
import io.levada.it.database.RandomSessions;
import io.levada.it.database.Server;
import io.levada.it.database.Trouble;
import io.levada.it.testkit.CommittedRecords;
import io.levada.it.testkit.FreePort;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two tables under a random load are polled into topics and written into tables again, while things break. One seed in every build, at
 * least once or exactly once as it falls; docs/reliability.md has the command for many.
 */
@Timeout(36_000)
class TablesConsistencyIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STOCK = "t.stock";
    private static final String ENTRIES = "t.entries";
    private static final List<String> CONNECTORS =
            List.of("stock-source", "entries-source", "stock-sink", "entries-sink");

    /** Random's first values for neighbouring seeds are much alike. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int troubles = Integer.getInteger("levada.tables.troubles", 6);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void topicsAndCopiesHoldWhatWasCommitted() throws Exception {
        long first = Long.getLong("levada.tables.first", System.nanoTime());
        for (int i = 0; i < Integer.getInteger("levada.tables.seeds", 1); i++) {
            long seed = first + i;
            run(folder.resolve("seed-" + seed), seed, seed % 2 == 0);
        }
    }

    private void run(Path place, long seed, boolean exactlyOnce) throws Exception {
        System.out.println("seed of the tables: " + seed + ", in " + place);
        Random random = new Random(seed * SPREAD);
        // Deleted rows are found exactly once only.
        boolean deletes = exactlyOnce && Boolean.getBoolean("levada.tables.deletes");
        try (Server server = Server.start(place.resolve("postgres"), FreePort.next());
                Line line = Line.from(FreePort.next(), server.port());
                RunningWorker worker = LevadaProcess.worker(
                        place,
                        Map.of(
                                "offset.flush.interval.ms",
                                "300",
                                "exactly.once.source.support",
                                exactlyOnce ? "enabled" : "disabled"))) {
            Writes.prepare(server);
            Trouble trouble = new Trouble(server, line, worker, CONNECTORS, random);
            RandomSessions sessions = Writes.start(server, seed, deletes);
            try (sessions) {
                create(worker, line, random, deletes);
                long reached = 0;
                for (int i = 0; i < troubles; i++) {
                    trouble.next();
                    reached = awaitMore(worker, reached);
                }
            }
            awaitCopies(server, worker, exactlyOnce);
            requireTopics(server, worker, exactlyOnce);
            System.out.println("seed " + seed + (exactlyOnce ? " exactly once: " : " at least once: ") + trouble + ", "
                    + sessions.committed() + " transactions, "
                    + server.query("SELECT last_value FROM versions").get(0) + " versions of rows");
        }
    }

    private static void create(RunningWorker worker, Line line, Random random, boolean deletes) {
        put(
                worker,
                line,
                "stock-source",
                source(
                        random,
                        Map.of(
                                "mode", "timestamp+incrementing",
                                "timestamp.column.name", "changed",
                                "incrementing.column.name", "id",
                                "record.key", "primary_key",
                                "table.include.list", "public\\.stock",
                                "deletes.detect", deletes ? "keys" : "none",
                                "deletes.interval.ms", "500",
                                "exactly.once.support", deletes ? "required" : "requested")));
        put(
                worker,
                line,
                "entries-source",
                source(
                        random,
                        Map.of(
                                "mode",
                                "incrementing",
                                "incrementing.column.name",
                                "id",
                                "table.include.list",
                                "public\\.entries")));
        put(
                worker,
                line,
                "stock-sink",
                sink(
                        random,
                        Map.of(
                                "topics", STOCK,
                                "table.name.format", "stock_copy",
                                "insert.mode", "upsert",
                                "pk.mode", "record_key",
                                "delete.enabled", "true",
                                "auto.evolve", "true")));
        put(
                worker,
                line,
                "entries-sink",
                sink(
                        random,
                        Map.of(
                                "topics",
                                ENTRIES,
                                "table.name.format",
                                "entries_copy",
                                "offsets.table",
                                "entries_offsets")));
    }

    private static Map<String, String> source(Random random, Map<String, String> own) {
        Map<String, String> config = new HashMap<>(own);
        config.put("connector.class", "io.levada.connect.jdbc.JdbcSourceConnector");
        config.put("topic.prefix", "t.");
        config.put("poll.interval.ms", "50");
        config.put("batch.max.rows", String.valueOf(List.of(7, 100, 2000).get(random.nextInt(3))));
        return config;
    }

    private static Map<String, String> sink(Random random, Map<String, String> own) {
        Map<String, String> config = new HashMap<>(own);
        config.put("connector.class", "io.levada.connect.jdbc.JdbcSinkConnector");
        config.put("auto.create", "true");
        config.put("batch.size", String.valueOf(List.of(10, 500, 3000).get(random.nextInt(3))));
        config.put("max.retries", "1000");
        config.put("retry.backoff.ms", "200");
        return config;
    }

    private static void put(RunningWorker worker, Line line, String name, Map<String, String> own) {
        Map<String, String> config = new HashMap<>(own);
        config.put("tasks.max", "1");
        config.put("connection.url", "jdbc:postgresql://localhost:" + line.port() + "/postgres");
        config.put("connection.user", "postgres");
        config.put("connection.password", "postgres");
        config.put("connection.attempts", "100");
        config.put("connection.backoff.ms", "200");
        for (String converter : List.of("key.converter", "value.converter")) {
            config.put(converter, "org.apache.kafka.connect.json.JsonConverter");
            config.put(converter + ".schemas.enable", "true");
        }
        worker.rest().put("/connectors/" + name + "/config", config).expecting(201);
    }

    /** Waits until both topics have more records than before. */
    private static long awaitMore(RunningWorker worker, long before) {
        return awaiting(
                worker,
                () -> Math.min(
                        CommittedRecords.end(worker.bootstrap(), STOCK),
                        CommittedRecords.end(worker.bootstrap(), ENTRIES)),
                end -> end > before);
    }

    /** Waits until the copies hold the rows of the tables in their last versions. */
    private static void awaitCopies(Server server, RunningWorker worker, boolean exactlyOnce) {
        for (String table : List.of("stock", "entries")) {
            awaiting(
                    worker,
                    () -> differing(server, table, exactlyOnce).toString(),
                    List.of().toString()::equals);
        }
    }

    /**
     * Rows that are not in the one as in the other. At least once, what came twice from the source is twice in a copy without a key.
     */
    private static List<String> differing(Server server, String table, boolean exactlyOnce) throws SQLException {
        if (server.query("SELECT 1 FROM pg_tables WHERE tablename = '" + table + "_copy'")
                .isEmpty()) {
            return List.of("no copy");
        }
        String rows = "SELECT id, v, note FROM ";
        String copy = rows + table + "_copy";
        String except = exactlyOnce ? " EXCEPT ALL " : " EXCEPT ";
        return server
                .query("SELECT x.id || ' ' || x.v FROM ((" + rows + table + except + copy + ") UNION ALL (" + copy
                        + except + rows + table + ")) x LIMIT 20")
                .stream()
                .map(String::valueOf)
                .toList();
    }

    private static void requireTopics(Server server, RunningWorker worker, boolean exactlyOnce)
            throws SQLException, IOException {
        List<String> told = versions(worker, ENTRIES);
        assertThat(new HashSet<>(told))
                .as("entries in the topic")
                .containsExactlyInAnyOrderElementsOf(server.query("SELECT id || ' ' || v FROM entries"));
        List<String> changes = versions(worker, STOCK);
        Map<String, String> last = new HashMap<>();
        changes.forEach(each -> last.put(each.substring(0, each.indexOf(' ')), each));
        last.values().removeIf(each -> each.endsWith(" -"));
        assertThat(last.values())
                .as("the last told of each row of stock")
                .containsExactlyInAnyOrderElementsOf(server.query("SELECT id || ' ' || v FROM stock"));
        if (exactlyOnce) {
            assertThat(told).as("entries, once each").doesNotHaveDuplicates();
            assertThat(changes.stream().filter(each -> !each.endsWith(" -")))
                    .as("versions of stock, once each")
                    .doesNotHaveDuplicates();
        }
        Set<String> offsets = new HashSet<>(server.query("SELECT count(*) FROM entries_offsets"));
        assertThat(offsets).as("rows of the table of offsets").doesNotContain("0");
    }

    /** Number and version of each record, in order; of a deletion the number and a hyphen. */
    private static List<String> versions(RunningWorker worker, String topic) throws IOException {
        List<String> versions = new ArrayList<>();
        for (ConsumerRecord<String, String> record : CommittedRecords.of(worker.bootstrap(), topic)) {
            if (record.value() == null) {
                versions.add(
                        JSON.readTree(record.key()).path("payload").path("id").asText() + " -");
                continue;
            }
            JsonNode row = JSON.readTree(record.value()).path("payload");
            versions.add(row.path("id").asText() + " " + row.path("v").asText());
        }
        return versions;
    }

    private interface Ask<T> {
        T ask() throws SQLException;
    }

    private static <T> T awaiting(RunningWorker worker, Ask<T> ask, Predicate<T> until) {
        try {
            return await().atMost(PATIENCE).until(ask::ask, until);
        } catch (ConditionTimeoutException e) {
            for (String connector : CONNECTORS) {
                System.out.println(worker.rest()
                        .get("/connectors/" + connector + "/status")
                        .body()
                        .toPrettyString());
            }
            throw e;
        }
    }
}
