/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import io.levada.cli.connect.FakeWorker.Reply;
import org.junit.jupiter.api.Test;

/** What the verbs say and send for connectors that capture changes. */
final class ChangeCaptureVerbsTest {
    private static final String CAPTURE = "{\"connector.class\": \"io.levada.connect.jdbc.PostgresCdcSourceConnector\","
            + " \"slot.name\": \"shop_slot\", \"publication.name\": \"Shop \\\"x\\\"\", \"database.dbname\": \"shop\"%s}";

    private static CommandLineRun delete(String config) {
        try (FakeWorker worker = new FakeWorker(
                (method, path) -> method.equals("DELETE") ? new Reply(200, "") : new Reply(200, config))) {
            return levada(
                    "connectors", "delete", "c", "--yes", "--url", worker.url().toString());
        }
    }

    @Test
    void deletingSaysWhatStaysInTheDatabaseAndHowToDropIt() {
        assertThat(delete(CAPTURE.formatted("")).err())
                .contains(
                        "slot shop_slot and publication Shop \"x\" in database shop",
                        "SELECT pg_drop_replication_slot('shop_slot'); DROP PUBLICATION \"Shop \"\"x\"\"\"");
        assertThat(delete("{\"connector.class\": \"io.debezium.connector.postgresql.PostgresConnector\"}")
                        .err())
                .contains("pg_drop_replication_slot('debezium'); DROP PUBLICATION \"dbz_publication\"");
    }

    @Test
    void deletingSaysNothingWhereNothingStays() {
        assertThat(delete(CAPTURE.formatted(", \"slot.drop.on.stop\": \"true\""))
                        .err())
                .contains("Deleted c")
                .doesNotContain("slot");
        assertThat(delete("{\"connector.class\": \"JdbcSink\", \"slot.name\": \"x\"}")
                        .err())
                .contains("Deleted c")
                .doesNotContain("slot");
    }

    @Test
    void rereadingSendsASignal() {
        try (FakeWorker worker = new FakeWorker((method, path) -> new Reply(202, "{\"id\": \"7\"}"))) {
            CommandLineRun run = levada(
                    "connectors",
                    "reread",
                    "c",
                    "public.a",
                    "public.b",
                    "--filter",
                    "id > 5",
                    "--url",
                    worker.url().toString());
            assertThat(run.err()).contains("Asked c to read public.a, public.b again (signal 7).");
            assertThat(worker.calls()).containsExactly("POST /levada/v1/connectors/c/signals");
            assertThat(worker.bodies())
                    .containsExactly("{\"type\":\"execute-snapshot\",\"data\":{\"type\":\"incremental\","
                            + "\"data-collections\":[\"public.a\",\"public.b\"],\"additional-conditions\":["
                            + "{\"data-collection\":\"public.a\",\"filter\":\"id > 5\"},"
                            + "{\"data-collection\":\"public.b\",\"filter\":\"id > 5\"}]}}");
        }
    }
}
