/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import io.levada.cli.connect.FakeWorker.Reply;
import org.junit.jupiter.api.Test;

/** What the verbs show of a failure: the worker's own words where it has them, the trace's most telling otherwise. */
final class FailuresShownTest {
    private static final String TRACE =
            "org.apache.kafka.connect.errors.ConnectException: Exiting WorkerSinkTask due to unrecoverable exception.\\n"
                    + "\\tat org.apache.kafka.connect.runtime.WorkerSinkTask.deliver(WorkerSinkTask.java:1)\\n"
                    + "Caused by: com.acme.NoBucketException: no bucket named order\\n"
                    + "\\tat com.acme.Sink.put(Sink.java:12)\\n";
    private static final String STATUS =
            "{\"name\":\"s\",\"type\":\"sink\",\"connector\":{\"state\":\"RUNNING\",\"worker_id\":\"w:1\"},"
                    + "\"tasks\":[{\"id\":0,\"state\":\"FAILED\",\"worker_id\":\"w:1\",\"trace\":\"" + TRACE
                    + "\"%s}]}";
    private static final String FAILURE = ",\"failure\":{\"phase\":\"WAITING\",\"attempt\":3,\"attempts_max\":-1,"
            + "\"first_failed_at\":\"2026-01-01T00:00:00Z\",\"first_cause\":\"Cannot reach bucket ordre; create it\","
            + "\"last_cause\":\"Cannot reach bucket order; create it\",\"advice\":\"Restart 3 (no limit) follows.\"}";

    private static Reply apache(String method, String path) {
        return path.startsWith("/levada/")
                ? new Reply(404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}")
                : path.startsWith("/connectors/s/status")
                        ? new Reply(200, STATUS.formatted(""))
                        : new Reply(200, "{\"s\":{\"status\":" + STATUS.formatted("") + ",\"info\":{\"config\":{}}}}");
    }

    private static Reply levadas(String method, String path) {
        return path.equals("/levada/v1/connectors")
                ? new Reply(200, "{\"s\":" + STATUS.formatted(FAILURE) + "}")
                : path.equals("/levada/v1/connectors/s")
                        ? new Reply(200, STATUS.formatted(FAILURE))
                        : apache(method, path);
    }

    private static CommandLineRun on(FakeWorker worker, String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--url";
        all[words.length + 1] = worker.url().toString();
        return levada(all);
    }

    @Test
    void theListShowsStateCauseAndWhatFollowsBelowTheConnector() {
        try (FakeWorker worker = new FakeWorker(FailuresShownTest::levadas)) {
            assertThat(on(worker, "connectors", "list").out().lines().skip(1))
                    .map(String::strip)
                    .satisfiesExactly(
                            row -> assertThat(row).startsWith("s ").contains("FAILED"),
                            line -> assertThat(line).isEqualTo("task 0: Cannot reach bucket order; create it"),
                            line -> assertThat(line)
                                    .isEqualTo(
                                            "First failed at 2026-01-01T00:00:00Z: Cannot reach bucket ordre; create it"),
                            line -> assertThat(line).isEqualTo("Restart 3 (no limit) follows."));
        }
    }

    @Test
    void theStatusShowsTheSameAndTheTrace() {
        try (FakeWorker worker = new FakeWorker(FailuresShownTest::levadas)) {
            assertThat(on(worker, "connectors", "status", "s").out())
                    .contains(
                            "  Cannot reach bucket order; create it\n",
                            "  Restart 3 (no limit) follows.\n",
                            "Stack trace of task 0:",
                            "Caused by: com.acme.NoBucketException");
            assertThat(on(worker, "tasks", "list", "s").out()).contains("Cannot reach bucket order; create it");
        }
    }

    @Test
    void aWorkerWithoutLevadasApiShowsTheTracesMostTellingMessage() {
        try (FakeWorker worker = new FakeWorker(FailuresShownTest::apache)) {
            assertThat(on(worker, "connectors", "list").out())
                    .contains("  task 0: NoBucketException: no bucket named order\n");
            assertThat(on(worker, "connectors", "status", "s").out())
                    .contains("  NoBucketException: no bucket named order\n", "Caused by:");
        }
    }

    @Test
    void aConnectorThatIsNotThereIsNotFoundOnBoth() {
        try (FakeWorker worker = new FakeWorker((method, path) ->
                new Reply(404, "{\"error_code\":404,\"message\":\"No status found for connector s\"}"))) {
            CommandLineRun run = on(worker, "connectors", "status", "s");
            assertThat(run.exitCode()).isEqualTo(3);
            assertThat(run.err()).contains("No status found for connector s");
        }
    }

    @Test
    void aTakenNameIsNoRebalanceWhateverItSays() {
        try (FakeWorker worker = new FakeWorker((method, path) ->
                new Reply(409, "{\"error_code\":409,\"message\":\"Connector rebalance already exists\"}"))) {
            CommandLineRun run = on(worker, "connectors", "pause", "rebalance");

            assertThat(run.exitCode()).isEqualTo(4);
            assertThat(run.err())
                    .contains("Connector rebalance already exists", "changes a connector that exists")
                    .doesNotContain("passes by itself");
            assertThat(worker.calls()).hasSize(1);
        }
    }

    @Test
    void aRebalanceIsWaitedFor() {
        try (FakeWorker worker = new FakeWorker(new java.util.function.BiFunction<>() {
            private int calls;

            @Override
            public synchronized Reply apply(String method, String path) {
                return ++calls == 3
                        ? new Reply(202, "")
                        : new Reply(
                                409,
                                "{\"error_code\":409,\"message\":\"Cannot complete request momentarily due to stale"
                                        + " configuration (typically caused by a concurrent config change)\"}");
            }
        })) {
            assertThat(on(worker, "connectors", "pause", "orders").exitCode()).isZero();
            assertThat(worker.calls()).hasSize(3);
        }
    }
}
