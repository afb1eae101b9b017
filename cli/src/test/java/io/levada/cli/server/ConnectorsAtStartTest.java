/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.cli.connect.FakeWorker;
import io.levada.cli.connect.FakeWorker.Reply;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConnectorsAtStartTest {
    @TempDir
    Path folder;

    private final List<Problem> told = new ArrayList<>();

    private String file(String name, String more) throws IOException {
        return Files.writeString(
                        folder.resolve(name + ".json"),
                        "{\"name\":\"" + name + "\",\"connector.class\":\"my." + name + "\"" + more + "}")
                .toString();
    }

    private void apply(FakeWorker worker, String... files) throws InterruptedException {
        new ConnectorsAtStart(worker.url(), told::add).apply(ConnectorFiles.read(List.of(files)));
    }

    private static Reply refused(String error) {
        return new Reply(400, "{\"error_code\":400,\"message\":\"Connector configuration is invalid: " + error + "\"}");
    }

    private static Reply validated(String error) {
        return new Reply(200, "{\"configs\":[{\"value\":{\"name\":\"k\",\"errors\":[\"" + error + "\"]}}]}");
    }

    /** A worker that takes every connector at the given try, and says until then why not. */
    private static FakeWorker taking(int creation, String error) {
        AtomicInteger creations = new AtomicInteger();
        return new FakeWorker((method, path) -> {
            if (method.equals("POST")) {
                return creations.incrementAndGet() < creation ? refused(error) : new Reply(201, "{}");
            }
            return path.endsWith("validate") ? validated(error) : new Reply(200, "{}");
        });
    }

    @Test
    void theGoodFilesRunAndEachBadOneIsTold() throws Exception {
        String broken =
                Files.writeString(folder.resolve("broken.json"), "{\"name\":").toString();
        try (FakeWorker worker = taking(1, "")) {
            apply(
                    worker,
                    broken,
                    file("good", ""),
                    folder.resolve("absent.json").toString());

            assertThat(worker.calls()).contains("POST /connectors");
        }
        assertThat(told)
                .satisfiesExactly(
                        first -> assertThat(first).hasMessageContaining("malformed JSON"),
                        second -> assertThat(second).hasMessageContaining("there is no such file"));
    }

    @Test
    void ofTwoFilesWithOneNameTheFirstCountsAndTheSecondIsTold() throws Exception {
        String first = file("same", "");
        String second = Files.copy(Path.of(first), folder.resolve("other.json")).toString();
        try (FakeWorker worker = taking(1, "")) {
            apply(worker, first, second);
        }
        assertThat(told)
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem).hasMessageContaining("other.json").hasMessageContaining(first));
    }

    @Test
    void whatCannotBeReachedIsTriedUntilItCan() throws Exception {
        try (FakeWorker worker = taking(3, "cannot reach the database at db:5432, nothing listens there")) {
            apply(worker, file("orders", ""));

            assertThat(worker.calls().stream().filter("POST /connectors"::equals))
                    .hasSize(3);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void aConfigThatIsWrongIsToldAndNotTriedAgain() throws Exception {
        try (FakeWorker worker = new FakeWorker((method, path) -> method.equals("POST")
                ? refused("no such table")
                : path.endsWith("validate")
                        ? validated("there is no table orders")
                        : new Reply(200, path.equals("/connectors") ? "[\"stored\"]" : "{}"))) {
            apply(worker, file("orders", ""));

            assertThat(worker.calls().stream().filter("POST /connectors"::equals))
                    .hasSize(1);
        }
        assertThat(told)
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("no such table"));
    }

    @Test
    void whatIsRefusedThoughItsConfigIsValidIsToldAndNotTriedAgain() throws Exception {
        AtomicInteger creations = new AtomicInteger();
        try (FakeWorker worker = new FakeWorker((method, path) -> {
            if (method.equals("POST")) {
                return creations.incrementAndGet() == 1 ? refused("no such initial_state") : new Reply(201, "{}");
            }
            return new Reply(200, path.equals("/connectors") ? "[\"stored\"]" : "{}");
        })) {
            apply(worker, file("orders", ""));
        }
        assertThat(creations).hasValue(1);
        assertThat(told)
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("no such initial_state"));
    }

    @Test
    void whatHasComeBackByTheTimeOfTheValidationIsTriedAgain() throws Exception {
        AtomicInteger creations = new AtomicInteger();
        try (FakeWorker worker = new FakeWorker((method, path) -> method.equals("POST")
                ? creations.incrementAndGet() == 1
                        ? refused("cannot reach the database at db:5432")
                        : new Reply(201, "{}")
                : new Reply(200, "{}"))) {
            apply(worker, file("orders", ""));
        }
        assertThat(creations).hasValue(2);
        assertThat(told).isEmpty();
    }

    @Test
    void aWorkerWithNothingToRunEnds() throws Exception {
        try (FakeWorker worker = new FakeWorker((method, path) -> method.equals("POST")
                ? refused("no such table")
                : path.endsWith("validate")
                        ? validated("there is no table orders")
                        : new Reply(200, path.equals("/connectors") ? "[]" : "{}"))) {
            assertThatThrownBy(() -> apply(worker, file("orders", "")))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("1 of 1 connector files cannot be used");
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void sourcesComeBeforeSinksWhateverTheOrderOfTheFiles() throws Exception {
        assertThat(ConnectorFiles.read(
                                List.of(file("sink", ",\"topics\":\"t\""), file("source", ""), file("other", "")))
                        .connectors())
                .extracting("name")
                .containsExactly("source", "other", "sink");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cannot reach the database at db:5432 | true",
                "Connection to db:5432 refused. Check that the hostname and port are correct | true",
                "java.net.ConnectException: Connection refused | true",
                "the host of db:5432 is not known here; correct connection.url or the name service | true",
                "cannot connect to jdbc:x: FATAL: the database system is starting up [57P03] | true",
                "Unable to connect: The connection attempt timed out | true",
                "the database at db refused the password of user u; check connection.password | false",
                "there is no database shop at db:5432; create it | false",
                "Missing required configuration topics | false"
            })
    void theWorldIsToldFromTheUserByTheWordsOfTheError(String error, boolean passes) {
        assertThat(WorldFailure.in(List.of(error))).isEqualTo(passes);
    }

    @Test
    void oneErrorThatStaysIsEnoughNotToWait() {
        assertThat(WorldFailure.in(List.of("cannot reach db", "no such table"))).isFalse();
        assertThat(WorldFailure.in(List.of())).isFalse();
    }
}
