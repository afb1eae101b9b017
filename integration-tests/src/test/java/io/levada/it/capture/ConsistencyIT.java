/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.it.database.Line;
import io.levada.it.database.RandomSessions;
import io.levada.it.database.Server;
import io.levada.it.database.Trouble;
import io.levada.it.testkit.CommittedRecords;
import io.levada.it.testkit.FreePort;
import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A database under a random load, captured while things break. One seed in every build; docs/reliability.md has the command for many.
 */
@Timeout(36_000)
class ConsistencyIT {

    private static final String CONNECTOR = "capture";
    private static final String TRANSACTIONS = "c.transaction";

    /** Random's first values for neighbouring seeds are much alike. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final int troubles = Integer.getInteger("levada.capture.troubles", 6);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void theTopicsTellWhatWasCommittedOnce() throws Exception {
        runAll(true);
    }

    @Test
    void theTopicsTellWhatWasCommittedAtLeastOnce() throws Exception {
        runAll(false);
    }

    private void runAll(boolean exactlyOnce) throws Exception {
        long first = Long.getLong("levada.capture.first", System.nanoTime());
        for (int i = 0; i < Integer.getInteger("levada.capture.seeds", 1); i++) {
            long seed = first + i;
            run(folder.resolve("seed-" + seed), seed, exactlyOnce);
        }
    }

    private void run(Path place, long seed, boolean exactlyOnce) throws Exception {
        System.out.println("seed of the capture: " + seed + ", in " + place);
        try (Server server = Server.start(place.resolve("postgres"), FreePort.next())) {
            try {
                run(server, place, seed, exactlyOnce);
            } catch (AssertionError | Exception e) {
                System.out.println("PostgreSQL's last lines, seed " + seed + ":\n" + server.lastWords());
                throw e;
            }
        }
    }

    private void run(Server server, Path place, long seed, boolean exactlyOnce) throws Exception {
        Random random = new Random(seed * SPREAD);
        boolean viaRoot = random.nextBoolean();
        try (Line line = Line.from(FreePort.next(), server.port());
                RunningWorker worker = LevadaProcess.worker(
                        place,
                        Map.of(
                                "offset.flush.interval.ms",
                                "300",
                                "exactly.once.source.support",
                                exactlyOnce ? "enabled" : "disabled"))) {
            Workload.prepare(server);
            RandomSessions load = Workload.start(server, seed, true);
            Trouble trouble = new Trouble(server, line, worker, List.of(CONNECTOR), random);
            long since;
            try (load) {
                worker.rest()
                        .put("/connectors/" + CONNECTOR + "/config", config(random, line, viaRoot, exactlyOnce))
                        .expecting(201);
                for (int i = 0; i < troubles / 3; i++) {
                    trouble.next(); // into the first reading
                }
                since = awaitBeginning(server, worker);
                long reached = awaitMore(worker, 0);
                for (int i = troubles / 3; i < troubles; i++) {
                    trouble.next();
                    reached = awaitMore(worker, reached);
                }
            }
            awaitEverything(server, worker);
            Verdict verdict = new Verdict(Noted.read(server, viaRoot), Told.read(worker.bootstrap(), "c"), exactlyOnce);
            verdict.require(since);
            System.out.println("seed " + seed + ": " + trouble + ", " + load.committed() + " transactions, "
                    + verdict.changes() + " changes, " + verdict.reads() + " rows read");
        }
    }

    private static Map<String, String> config(Random random, Line line, boolean viaRoot, boolean exactlyOnce) {
        Map<String, String> config = new HashMap<>(Map.of(
                "connector.class", "io.levada.connect.jdbc.PostgresCdcSourceConnector",
                "tasks.max", "1",
                "database.hostname", "localhost",
                "database.port", String.valueOf(line.port()),
                "database.user", "postgres",
                "database.password", "postgres",
                "database.dbname", "postgres",
                "topic.prefix", "c",
                "table.include.list", "public\\..*",
                "publication.autocreate.mode", "filtered"));
        config.putAll(Map.of(
                "slot.name", "capture",
                "publication.name", "capture",
                "publish.via.partition.root", String.valueOf(viaRoot),
                "provide.transaction.metadata", "true",
                "skipped.operations", "none",
                "max.batch.size", String.valueOf(List.of(7, 100, 2048).get(random.nextInt(3))),
                "snapshot.max.threads", String.valueOf(1 + random.nextInt(3)),
                "status.update.interval.ms", "500",
                "retriable.restart.connector.wait.ms", "200",
                "slot.retry.delay.ms", "500"));
        if (exactlyOnce) {
            config.put("exactly.once.support", "required");
            config.put("transaction.boundary", random.nextInt(3) == 0 ? "poll" : "connector");
        }
        return config;
    }

    /** The greatest number of a change at a moment when it was settled from where on changes are told. */
    private static long awaitBeginning(Server server, RunningWorker worker) {
        await().atMost(PATIENCE)
                .until(() -> worker.rest()
                        .get("/connectors/" + CONNECTOR + "/offsets")
                        .body()
                        .at("/offsets/0/offset")
                        .has("lsn"));
        return await().until(
                        () -> Long.parseLong(String.valueOf(server.query("SELECT last_value FROM noted.changes_seq_seq")
                                .get(0))),
                        seq -> true);
    }

    /** Waits until all rows have been read, and then for a last change. */
    private static void awaitEverything(Server server, RunningWorker worker) {
        await().atMost(PATIENCE).until(() -> {
            server.execute("INSERT INTO zz_finished DEFAULT VALUES");
            JsonNode offset = worker.rest()
                    .get("/connectors/" + CONNECTOR + "/offsets")
                    .body()
                    .at("/offsets/0/offset");
            return offset.path("levada_tables").asText().contains("zz_finished") && !offset.has("snapshot");
        });
        await().atMost(PATIENCE).until(() -> {
            server.execute("INSERT INTO zz_finished VALUES (0) ON CONFLICT DO NOTHING");
            return CommittedRecords.of(worker.bootstrap(), "c.public.zz_finished").stream()
                    .anyMatch(record -> record.key().contains("\"id\":0"));
        });
    }

    /** Waits until readers of committed records get more transactions than before. */
    private static long awaitMore(RunningWorker worker, long before) {
        try {
            return await().atMost(PATIENCE)
                    .until(() -> CommittedRecords.end(worker.bootstrap(), TRANSACTIONS), end -> end > before);
        } catch (ConditionTimeoutException e) {
            assertThat(worker.rest()
                            .get("/connectors/" + CONNECTOR + "/status")
                            .body()
                            .toPrettyString())
                    .as("status of the connector, which tells nothing more")
                    .isEmpty();
            throw e;
        }
    }
}
