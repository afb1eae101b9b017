/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.it.database.RandomSessions;
import io.levada.it.database.Server;
import io.levada.it.testkit.CommittedRecords;
import io.levada.it.testkit.FreePort;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debezium's connector and ours beside each other, while random transactions change a database: what they tell is compared event by event
 * and field by field. Not compared: which connector told it and when, the position in {@code source.sequence} where the slot began, when a
 * row was read, in which order the end of a transaction lists its tables. Of a partitioned table either the whole or the parts are
 * captured: of both, Debezium reads the rows twice. Columns stay as they are, since Debezium tells changes that are behind in terms of the
 * columns of today.
 */
@Timeout(36_000)
class SameAsDebeziumIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Large values are one letter many times over: a difference is easier to read without them. */
    private static final Pattern LONG_RUN = Pattern.compile("(\\w)\\1{9,}");

    private static final Path PLUGINS =
            Path.of("..", "test-plugins", "target", "plugins").toAbsolutePath().normalize();

    private final int transactions = Integer.getInteger("levada.capture.transactions", 300);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void theSameEventsInTheSameOrder() throws Exception {
        long first = Long.getLong("levada.capture.first", System.nanoTime());
        for (int i = 0; i < Integer.getInteger("levada.capture.seeds", 1); i++) {
            run(folder.resolve("seed-" + (first + i)), first + i);
        }
    }

    private void run(Path place, long seed) throws Exception {
        System.out.println("seed of the changes: " + seed + ", in " + place);
        try (Server server = Server.start(place.resolve("postgres"), FreePort.next());
                RunningWorker worker = LevadaProcess.worker(place, Map.of("plugin.path", PLUGINS.toString()))) {
            Workload.prepare(server);
            boolean viaRoot = seed % 2 == 0;
            worker.rest()
                    .createRunning(
                            "a", config(server, "a", "io.debezium.connector.postgresql.PostgresConnector", viaRoot));
            worker.rest()
                    .createRunning(
                            "b", config(server, "b", "io.levada.connect.jdbc.PostgresCdcSourceConnector", viaRoot));
            await().atMost(PATIENCE)
                    .until(
                            () -> server.query("SELECT 1 FROM pg_replication_slots WHERE active")
                                    .size(),
                            Integer.valueOf(2)::equals);
            try (RandomSessions load = Workload.start(server, seed, false)) {
                await().atMost(PATIENCE).until(() -> load.committed() >= transactions);
            }
            server.execute("INSERT INTO zz_finished VALUES (1)");
            for (String prefix : List.of("a", "b")) {
                await().atMost(PATIENCE)
                        .until(
                                () -> CommittedRecords.end(worker.bootstrap(), prefix + ".public.zz_finished"),
                                end -> end > 0);
            }
            Map<String, List<String>> theirs = told(worker.bootstrap(), "a");
            Map<String, List<String>> ours = told(worker.bootstrap(), "b");
            assertThat(ours.keySet()).as("topics, seed %d", seed).isEqualTo(theirs.keySet());
            theirs.forEach((topic, events) ->
                    requireSame(topic + ", seed " + seed, ours.getOrDefault(topic, List.of()), events));
            System.out.println("seed " + seed + ": "
                    + theirs.values().stream().mapToInt(List::size).sum() + " records of each");
        }
    }

    /** Tells the first difference, not thousands of events. */
    private static void requireSame(String what, List<String> ours, List<String> theirs) {
        for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
            assertThat(ours.get(i)).as("%s, record %d", what, i).isEqualTo(theirs.get(i));
        }
        assertThat(ours).as(what).hasSameSizeAs(theirs);
    }

    private static Map<String, String> config(Server server, String prefix, String connector, boolean viaRoot) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", connector,
                "tasks.max", "1",
                "plugin.name", "pgoutput",
                "database.hostname", "localhost",
                "database.port", String.valueOf(server.port()),
                "database.user", "postgres",
                "database.password", "postgres",
                "database.dbname", "postgres",
                "topic.prefix", prefix,
                "table.include.list",
                        "public\\.(plain|whole|scratch|zz_finished|" + (viaRoot ? "parted" : "parted_.") + ")"));
        config.putAll(Map.of(
                "publication.autocreate.mode",
                "filtered",
                "slot.name",
                prefix,
                "publication.name",
                prefix,
                "publish.via.partition.root",
                String.valueOf(viaRoot),
                "provide.transaction.metadata",
                "true",
                "skipped.operations",
                "none"));
        return config;
    }

    /** Records by topic: rows that were read in the order of their keys, then changes in their own. */
    private static Map<String, List<String>> told(String bootstrap, String prefix) throws IOException {
        Map<String, List<String>> reads = new TreeMap<>();
        Map<String, List<String>> changes = new TreeMap<>();
        for (ConsumerRecord<String, String> record : CommittedRecords.of(bootstrap, prefix + ".")) {
            String topic = record.topic().substring(prefix.length() + 1);
            boolean read = record.value() != null
                    && JSON.readTree(record.value()).path("op").asText().equals("r");
            (read ? reads : changes)
                    .computeIfAbsent(topic, each -> new ArrayList<>())
                    .add(record.key() + " " + compared(record.value()) + headers(record));
        }
        reads.forEach((topic, rows) -> {
            rows.sort(null);
            rows.addAll(changes.getOrDefault(topic, List.of()));
            changes.put(topic, rows);
        });
        return changes;
    }

    private static String compared(String value) throws IOException {
        if (value == null) {
            return "tombstone";
        }
        ObjectNode event = (ObjectNode) JSON.readTree(value);
        event.remove(List.of("ts_ms", "ts_us", "ts_ns"));
        if (event.path("data_collections") instanceof ArrayNode collections) {
            List<JsonNode> sorted = new ArrayList<>();
            collections.forEach(sorted::add);
            sorted.sort(
                    Comparator.comparing(each -> each.path("data_collection").asText()));
            collections.removeAll().addAll(sorted);
        }
        if (event.path("source") instanceof ObjectNode source) {
            source.remove(List.of("version", "connector", "name"));
            source.put("sequence", source.path("sequence").asText().replaceFirst("^\\[[^,]*", "["));
            if (event.path("op").asText().equals("r")) {
                source.remove(List.of("ts_ms", "ts_us", "ts_ns", "lsn", "txId", "xmin", "sequence", "snapshot"));
            }
        }
        return LONG_RUN.matcher(sorted(event))
                .replaceAll(run -> run.group(1) + "{" + run.group().length() + "}");
    }

    private static String sorted(JsonNode node) throws IOException {
        return JSON.writeValueAsString(JSON.treeToValue(node, TreeMap.class));
    }

    private static String headers(ConsumerRecord<String, String> record) {
        StringBuilder told = new StringBuilder();
        for (Header header : record.headers()) {
            if (!header.key().startsWith("__debezium.context.")) {
                told.append(' ')
                        .append(header.key())
                        .append('=')
                        .append(new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return told.toString();
    }
}
