/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.cli.CommandLineRun;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for is shown, whatever the format. */
final class FiltersTest {
    private static final String CONNECTORS = """
            {"good": {"status": {"name": "good", "type": "sink", "connector": {"state": "RUNNING", "worker_id": "w"},
                                 "tasks": [{"id": 0, "state": "RUNNING"}]}},
             "bad": {"status": {"name": "bad", "type": "sink", "connector": {"state": "RUNNING", "worker_id": "w"},
                                "tasks": [{"id": 0, "state": "FAILED"}]}}}""";
    private static final String PLUGINS = """
            [{"class": "a.Source", "type": "source", "version": "1"},
             {"class": "a.Sink", "type": "sink", "version": "1"}]""";

    @ParameterizedTest
    @ValueSource(strings = {"--output=json", "--output=JSON", "-o=json", "--output=text", "-o=table"})
    void onlyFailedConnectorsInEachFormat(String format) throws IOException {
        try (StubWorker worker = new StubWorker(200, CONNECTORS)) {
            assertThat(levada("connectors", "list", "--failed", "--url", worker.url(), format)
                            .out())
                    .contains("bad")
                    .doesNotContain("good");
            assertThat(levada("connectors", "list", "--url", worker.url(), format)
                            .out())
                    .contains("bad", "good");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--output=json", "--output=text"})
    void onlyPluginsOfTheTypeInEachFormat(String format) throws IOException {
        try (StubWorker worker = new StubWorker(200, PLUGINS)) {
            assertThat(levada("plugins", "list", "--type", "sink", "--url", worker.url(), format)
                            .out())
                    .contains("a.Sink")
                    .doesNotContain("a.Source");
        }
    }

    @Test
    void nothingFoundIsSaid() throws IOException {
        try (StubWorker worker = new StubWorker(200, PLUGINS)) {
            CommandLineRun run = levada("plugins", "list", "--type", "predicate", "--url", worker.url());
            assertThat(run.exitCode()).isZero();
            assertThat(run.err()).contains("no plugin of the type predicate");
        }
    }

    @Test
    void aVerbThatChangesSomethingAnswersInJsonToo() throws IOException {
        try (StubWorker worker = new StubWorker(202, "")) {
            for (String verb : new String[] {"pause", "resume", "stop", "restart", "delete"}) {
                CommandLineRun run = levada("connectors", verb, "orders", "--output", "json", "--url", worker.url());
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(new ObjectMapper().readTree(run.out()))
                        .isEqualTo(new ObjectMapper()
                                .createObjectNode()
                                .put("connector", "orders")
                                .put("did", verb));
            }
        }
    }
}
