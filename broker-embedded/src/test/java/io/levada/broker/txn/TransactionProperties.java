/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.requests.TransactionResult;

/**
 * Random transactions of two producers, with power cuts after any change, against a model that only knows what was answered: what a commit was answered for is
 * there in every partition, what an abort was answered for is nowhere, and what was not answered is there wholly or not at all.
 */
class TransactionProperties {
    enum Change {
        APPEND_0,
        APPEND_1,
        APPEND_2,
        COMMIT,
        ABORT,
        START_AGAIN,
        CUT_POWER,
        /** Right after the answer, before any marker is written. */
        COMMIT_AND_CUT_POWER,
        ABORT_AND_CUT_POWER,
        /** Before the decision is on disk. */
        CUT_POWER_WHILE_COMMITTING
    }

    record Action(int producer, Change change) {}

    @Provide
    Arbitrary<List<Action>> actions() {
        Arbitrary<Change> change = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(9, Arbitraries.of(Change.APPEND_0, Change.APPEND_1, Change.APPEND_2)),
                net.jqwik.api.Tuple.of(4, Arbitraries.of(Change.COMMIT, Change.ABORT)),
                net.jqwik.api.Tuple.of(
                        3,
                        Arbitraries.of(
                                Change.START_AGAIN,
                                Change.CUT_POWER,
                                Change.COMMIT_AND_CUT_POWER,
                                Change.ABORT_AND_CUT_POWER,
                                Change.CUT_POWER_WHILE_COMMITTING)));
        return net.jqwik.api.Combinators.combine(Arbitraries.integers().between(0, 1), change)
                .as(Action::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(30);
    }

    @Property(tries = 12)
    void everyAnswerHolds(@ForAll("actions") List<Action> actions) {
        try (Model model = new Model()) {
            actions.forEach(model::act);
            model.check();
        }
    }

    private static final class Client {
        final String id;
        Producer producer = Producer.NONE;
        final Map<Integer, Integer> sequences = new HashMap<>();
        List<String> open = new ArrayList<>();

        Client(String id) {
            this.id = id;
        }

        void goesOnAs(Producer next) {
            producer = next;
            sequences.clear();
            open = new ArrayList<>();
        }
    }

    private static final class Model implements AutoCloseable {
        private final Path root = temporary();
        private int starts;
        private Coordinating world = new Coordinating(next());
        private final List<Client> clients = List.of(new Client("a"), new Client("b"));
        private final List<String> committed = new ArrayList<>();
        private final List<String> aborted = new ArrayList<>();
        private final List<List<String>> unknown = new ArrayList<>();
        private int values;

        Model() {
            clients.forEach(client -> client.goesOnAs(world.initialize(client.id, Optional.empty())));
        }

        void act(Action action) {
            Client client = clients.get(action.producer);
            switch (action.change) {
                case APPEND_0 -> append(client, 0);
                case APPEND_1 -> append(client, 1);
                case APPEND_2 -> append(client, 2);
                case COMMIT -> end(client, TransactionResult.COMMIT);
                case ABORT -> end(client, TransactionResult.ABORT);
                case START_AGAIN -> startAgain(client);
                case CUT_POWER -> cutPower();
                case COMMIT_AND_CUT_POWER -> endAndCutPower(client, TransactionResult.COMMIT);
                case ABORT_AND_CUT_POWER -> endAndCutPower(client, TransactionResult.ABORT);
                case CUT_POWER_WHILE_COMMITTING -> cutPowerWhileCommitting(client);
            }
        }

        private void append(Client client, int partition) {
            String value = partition + ":" + values++;
            int sequence = client.sequences.getOrDefault(partition, 0);
            world.append(client.id, client.producer, partition, sequence, value);
            client.sequences.put(partition, sequence + 1);
            client.open.add(value);
        }

        private void end(Client client, TransactionResult result) {
            if (client.open.isEmpty() && result == TransactionResult.COMMIT) {
                return;
            }
            Producer next = Coordinating.again(() -> world.end(client.id, client.producer, result));
            (result == TransactionResult.COMMIT ? committed : aborted).addAll(client.open);
            client.goesOnAs(next);
        }

        private void startAgain(Client client) {
            aborted.addAll(client.open);
            Producer before = client.producer;
            client.goesOnAs(world.initialize(client.id, Optional.empty()));
            assertThat(client.producer).isNotEqualTo(before);
        }

        private void cutPower() {
            world = world.cutPower(next());
        }

        private void endAndCutPower(Client client, TransactionResult result) {
            world.settleEnds();
            world.holdMarkers();
            end(client, result);
            cutPower();
        }

        private void cutPowerWhileCommitting(Client client) {
            if (client.open.isEmpty()) {
                return;
            }
            world.settleEnds();
            world.files.stall();
            CompletableFuture<Producer> ignored = world.end(client.id, client.producer, TransactionResult.COMMIT);
            cutPower();
            unknown.add(client.open);
            client.goesOnAs(world.initialize(client.id, Optional.empty()));
        }

        void check() {
            clients.forEach(this::startAgain);
            world.settle();
            List<String> found = new ArrayList<>();
            for (int partition = 0; partition < Coordinating.PARTITIONS; partition++) {
                List<String> values = world.committed(partition);
                assertThat(values).doesNotHaveDuplicates();
                assertThat(world.log(partition).lastStableOffset())
                        .as("nothing holds readers back")
                        .isEqualTo(world.log(partition).highWatermark());
                found.addAll(values);
            }
            assertThat(found).containsAll(committed).doesNotContainAnyElementsOf(with(aborted, "none"));
            for (List<String> transaction : unknown) {
                assertThat(found.containsAll(transaction)
                                || transaction.stream().noneMatch(found::contains))
                        .as("whole or not at all: %s of %s", transaction, found)
                        .isTrue();
                found.removeAll(transaction);
            }
            assertThat(found).hasSameSizeAs(committed);
        }

        private static List<String> with(List<String> values, String more) {
            List<String> all = new ArrayList<>(values);
            all.add(more);
            return all;
        }

        private Path next() {
            return root.resolve("start-" + starts++);
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("transactions");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            world.close();
            try (var all = Files.walk(root)) {
                for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
