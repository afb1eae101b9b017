/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import io.levada.runtime.validation.TooManyValidationsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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

    private void apply(FakeStore worker, String... files) throws InterruptedException {
        new ConnectorsAtStart(worker, worker.broken, told::add).apply(ConnectorFiles.read(List.of(files)));
    }

    @Test
    void theGoodFilesRunAndEachBadOneIsTold() throws Exception {
        String broken =
                Files.writeString(folder.resolve("broken.json"), "{\"name\":").toString();
        FakeStore worker = new FakeStore();

        apply(worker, broken, file("good", ""), folder.resolve("absent.json").toString());

        assertThat(worker.connectors).containsOnlyKeys("good");
        assertThat(told)
                .satisfiesExactly(
                        first -> assertThat(first).hasMessageContaining("malformed JSON"),
                        second -> assertThat(second).hasMessageContaining("there is no such file"));
    }

    @Test
    void ofTwoFilesWithOneNameTheFirstCountsAndTheSecondIsTold() throws Exception {
        String first = file("same", "");
        String second = Files.copy(Path.of(first), folder.resolve("other.json")).toString();

        apply(new FakeStore(), first, second);

        assertThat(told)
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem).hasMessageContaining("other.json").hasMessageContaining(first));
    }

    @Test
    void whatDiffersIsChangedAndWhatIsAsItsFileSaysIsLeftAlone() throws Exception {
        FakeStore worker = new FakeStore();
        String same = file("same", ",\"tasks.max\":2,\"ok\":true");
        apply(worker, same, file("other", ""));
        worker.changed.clear();

        apply(worker, same, file("other", ",\"topic\":\"t\""));

        assertThat(worker.changed).containsExactly("other");
        assertThat(worker.connectors.get("other")).containsEntry("topic", "t");
        assertThat(worker.connectors.get("same"))
                .containsEntry("tasks.max", "2")
                .containsEntry("ok", "true");
    }

    @Test
    void whatCannotBeReachedIsTriedUntilItCan() throws Exception {
        FakeStore worker = new FakeStore();
        worker.refusals.addAll(List.of("invalid", "invalid"));
        worker.errors = List.of("cannot reach the database at db:5432, nothing listens there");

        apply(worker, file("orders", ""));

        assertThat(worker.tries).isEqualTo(3);
        assertThat(worker.connectors).containsOnlyKeys("orders");
        assertThat(told).isEmpty();
    }

    /** Its connectors may be those of another worker by now. */
    @Test
    void aWorkerThatIsBrokenIsGivenNothingMore() throws Exception {
        FakeStore worker = new FakeStore();
        worker.refusals.add("invalid");
        worker.errors = List.of("cannot reach the database at db:5432, nothing listens there");
        worker.breaksAtTry = 1;

        apply(worker, file("orders", ""), file("users", ""));

        assertThat(worker.tries).isEqualTo(1);
        assertThat(worker.connectors).isEmpty();
        assertThat(told).isEmpty();
    }

    /** While it waits, too. */
    @Test
    void aWorkerThatBreaksEndsTheTries() throws Exception {
        FakeStore worker = new FakeStore();
        worker.refusals.addAll(List.of("invalid", "invalid"));
        worker.errors = List.of("cannot reach the database at db:5432, nothing listens there");
        worker.breaksAtTry = 2;

        apply(worker, file("orders", ""));

        assertThat(worker.tries).isEqualTo(2);
        assertThat(worker.connectors).isEmpty();
    }

    @Test
    void aConfigThatIsWrongIsToldAndNotTriedAgain() throws Exception {
        FakeStore worker = new FakeStore();
        worker.connectors.put("stored", Map.of());
        worker.refusals.add("no such table");
        worker.errors = List.of("there is no table orders");

        apply(worker, file("orders", ""));

        assertThat(worker.tries).isEqualTo(1);
        assertThat(told)
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("no such table"));
    }

    @Test
    void whatIsRefusedThoughItsConfigIsValidIsToldAndNotTriedAgain() throws Exception {
        FakeStore worker = new FakeStore();
        worker.connectors.put("stored", Map.of());
        worker.refusals.add("no such initial_state");

        apply(worker, file("orders", ""));

        assertThat(worker.tries).isEqualTo(1);
        assertThat(told)
                .singleElement()
                .satisfies(problem -> assertThat(problem).hasMessageContaining("no such initial_state"));
    }

    @Test
    void whatHasComeBackByTheTimeOfTheValidationIsTriedAgain() throws Exception {
        FakeStore worker = new FakeStore();
        worker.refusals.add("cannot reach the database at db:5432");

        apply(worker, file("orders", ""));

        assertThat(worker.tries).isEqualTo(2);
        assertThat(told).isEmpty();
    }

    @Test
    void aWorkerWithNothingToRunEnds() throws Exception {
        FakeStore worker = new FakeStore();
        worker.refusals.add("no such table");
        worker.errors = List.of("there is no table orders");

        String orders = file("orders", "");

        assertThatThrownBy(() -> apply(worker, orders))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("1 of 1 connector files cannot be used");
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

    /** Whatever words it uses. */
    @Test
    void aWorkerThatIsSlowOrHasTooMuchToDoIsTriedAgain() {
        assertThat(WorldFailure.in(refused(new TimeoutException()))).isTrue();
        assertThat(WorldFailure.in(refused(new TooManyValidationsException(100))))
                .isTrue();
        assertThat(WorldFailure.in(refused(new IllegalStateException()))).isFalse();
    }

    private static Problem refused(Throwable cause) {
        return new Problem(ExitCode.FAILURE, "cannot create connector 'c'", "later", "", cause);
    }

    /** Refuses what a test says, in its order, and takes what comes then. */
    private static final class FakeStore implements ConnectorStore {
        final Map<String, Map<String, @Nullable String>> connectors = new TreeMap<>();
        final List<String> changed = new ArrayList<>();
        final Deque<String> refusals = new ArrayDeque<>();
        List<String> errors = List.of();
        final CompletableFuture<Throwable> broken = new CompletableFuture<>();
        int tries;
        int breaksAtTry;

        @Override
        public boolean isEmpty() {
            return connectors.isEmpty();
        }

        @Override
        public Optional<Map<String, @Nullable String>> config(String name) {
            return Optional.ofNullable(connectors.get(name));
        }

        @Override
        public void create(ConnectorFile connector) {
            tries++;
            if (tries == breaksAtTry) {
                broken.complete(new IllegalStateException("the group is another worker's"));
            }
            if (!refusals.isEmpty()) {
                throw new Problem(ExitCode.INVALID, "cannot create connector", refusals.remove(), "");
            }
            connectors.put(connector.name(), connector.values());
        }

        @Override
        public void change(ConnectorFile connector) {
            changed.add(connector.name());
            connectors.put(connector.name(), connector.values());
        }

        @Override
        public List<String> errors(ConnectorFile connector) {
            return errors;
        }
    }
}
