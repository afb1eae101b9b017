/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;

/** Committed offsets against a map: plain and transactional commits, removals, a disk that refuses or is late, and power cuts after any step. */
class OffsetsProperties {
    private static final List<String> GROUPS = List.of("one", "two", "three");
    private static final int PARTITIONS = 3;
    private static final int PRODUCERS = 3;

    enum Kind {
        COMMIT,
        COMMIT_IN_TRANSACTION,
        END_COMMITTED,
        END_ABORTED,
        REMOVE_OFFSET,
        REMOVE_GROUP,
        REMOVE_TOPIC,
        REFUSE,
        TAKE,
        HOLD,
        FORCE,
        POWER_CUT
    }

    record Step(Kind kind, String group, int partition, int producer, long offset) {
        TopicPartition topicPartition() {
            return new TopicPartition(partition == 0 ? "invoices" : "orders", partition);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(8, Kind.COMMIT),
                Tuple.of(8, Kind.COMMIT_IN_TRANSACTION),
                Tuple.of(5, Kind.END_COMMITTED),
                Tuple.of(3, Kind.END_ABORTED),
                Tuple.of(2, Kind.REMOVE_OFFSET),
                Tuple.of(1, Kind.REMOVE_GROUP),
                Tuple.of(1, Kind.REMOVE_TOPIC),
                Tuple.of(1, Kind.REFUSE),
                Tuple.of(2, Kind.TAKE),
                Tuple.of(1, Kind.HOLD),
                Tuple.of(2, Kind.FORCE),
                Tuple.of(2, Kind.POWER_CUT));
        return Combinators.combine(
                        kinds,
                        Arbitraries.of(GROUPS),
                        Arbitraries.integers().between(0, PARTITIONS - 1),
                        Arbitraries.integers().between(1, PRODUCERS),
                        Arbitraries.longs().between(0, 1000))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 400)
    void whatIsThereIsWhatWasAcknowledgedLiveAndAfterAnyPowerCut(@ForAll("steps") List<Step> steps) {
        Run run = new Run();
        for (Step step : steps) {
            run.take(step);
            run.check();
        }
    }

    /** The world under test beside its model: what is in the log, of which a prefix is durable. */
    private static final class Run {
        private GroupWorld world = new GroupWorld();
        private Model written = new Model();
        private Model durable = new Model();
        private boolean refuses;
        private boolean holds;

        void take(Step step) {
            switch (step.kind()) {
                case REFUSE, TAKE -> {
                    refuses = step.kind() == Kind.REFUSE;
                    world.topic.refuse(refuses);
                }
                case HOLD, FORCE -> {
                    holds = step.kind() == Kind.HOLD;
                    world.topic.hold(holds);
                    world.thread.run();
                }
                case POWER_CUT -> {
                    world = world.restarted();
                    written = durable.copy();
                    refuses = false;
                    holds = false;
                }
                default -> {
                    List<CompletableFuture<?>> answers = change(step);
                    if (!refuses) {
                        written.apply(step);
                    }
                    answers.forEach(this::checkAnswer);
                }
            }
            if (!holds) {
                durable = written.copy();
            }
        }

        private List<CompletableFuture<?>> change(Step step) {
            String group = step.group();
            TopicPartition partition = step.topicPartition();
            return switch (step.kind()) {
                case COMMIT -> List.of(world.commit(group, partition, step.offset()));
                case COMMIT_IN_TRANSACTION ->
                    List.of(world.commitInTransaction(step.producer(), group, partition, step.offset()));
                case END_COMMITTED -> endEverywhere(step.producer(), TransactionResult.COMMIT);
                case END_ABORTED -> endEverywhere(step.producer(), TransactionResult.ABORT);
                case REMOVE_OFFSET -> ignoringAbsence(world.deleteOffsets(group, partition));
                case REMOVE_GROUP -> ignoringAbsence(world.deleteGroup(group));
                case REMOVE_TOPIC -> {
                    world.removeTopic(partition.topic());
                    yield List.of();
                }
                default -> throw new IllegalStateException();
            };
        }

        private List<CompletableFuture<?>> endEverywhere(int producer, TransactionResult result) {
            // One marker per partition of the internal topic.
            Map<Integer, CompletableFuture<?>> ends = new HashMap<>();
            for (String group : GROUPS) {
                ends.computeIfAbsent(
                        Utils.abs(group.hashCode()) % world.topic.partitions(),
                        partition -> world.end(producer, group, result));
            }
            return List.copyOf(ends.values());
        }

        private static List<CompletableFuture<?>> ignoringAbsence(CompletableFuture<?> answer) {
            // A group that is not known is refused, and nothing was to be removed.
            return answer.isCompletedExceptionally() ? List.of() : List.of(answer);
        }

        private void checkAnswer(CompletableFuture<?> answer) {
            if (!refuses) {
                assertThat(answer.isCompletedExceptionally()).isFalse();
                assertThat(answer.isDone() || holds).isTrue();
            }
        }

        void check() {
            assertThat(offsets(world)).isEqualTo(written.shown());
            assertThat(offsets(world.restarted())).isEqualTo(durable.shown());
        }

        private static Map<String, String> offsets(GroupWorld world) {
            Map<String, String> shown = new HashMap<>();
            CommittedOffsets committed = world.shard.offsets().committed();
            for (String group : GROUPS) {
                committed
                        .of(group)
                        .forEach((partition, offset) -> shown.put(group + "/" + partition, "" + offset.offset()));
                committed.pending(group).forEach(partition -> shown.put(group + "/" + partition + "/pending", "yes"));
            }
            return shown;
        }
    }

    /** What was written, in order; everything else is worked out from that anew each time. */
    private static final class Model {
        private final List<Step> log = new ArrayList<>();

        void apply(Step step) {
            log.add(step);
        }

        Model copy() {
            Model copy = new Model();
            copy.log.addAll(log);
            return copy;
        }

        Map<String, String> shown() {
            Map<String, Long> committed = new HashMap<>();
            Map<String, Integer> committedAt = new HashMap<>();
            Map<String, Map<Integer, Step>> pending = new HashMap<>();
            IdentityHashMap<Step, Integer> places = new IdentityHashMap<>();
            for (int place = 0; place < log.size(); place++) {
                Step step = log.get(place);
                String key = step.group() + "/" + step.topicPartition();
                switch (step.kind()) {
                    case COMMIT -> {
                        committed.put(key, step.offset());
                        committedAt.put(key, place);
                    }
                    case COMMIT_IN_TRANSACTION -> {
                        pending.computeIfAbsent(key, any -> new HashMap<>()).put(step.producer(), step);
                        places.put(step, place);
                    }
                    case END_COMMITTED, END_ABORTED ->
                        pending.forEach((at, byProducer) -> {
                            Step ended = byProducer.remove(step.producer());
                            if (ended != null
                                    && step.kind() == Kind.END_COMMITTED
                                    && places.getOrDefault(ended, 0) >= committedAt.getOrDefault(at, -1)) {
                                committed.put(at, ended.offset());
                                committedAt.put(at, places.getOrDefault(ended, 0));
                            }
                        });
                    case REMOVE_OFFSET -> remove(key, committed, committedAt, pending);
                    case REMOVE_GROUP ->
                        List.copyOf(all(committed, pending)).stream()
                                .filter(at -> at.startsWith(step.group() + "/"))
                                .forEach(at -> remove(at, committed, committedAt, pending));
                    case REMOVE_TOPIC ->
                        List.copyOf(all(committed, pending)).stream()
                                .filter(at ->
                                        at.contains("/" + step.topicPartition().topic() + "-"))
                                .forEach(at -> remove(at, committed, committedAt, pending));
                    default -> throw new IllegalStateException();
                }
            }
            Map<String, String> shown = new HashMap<>();
            committed.forEach((key, offset) -> shown.put(key, "" + offset));
            pending.forEach((key, byProducer) -> {
                if (!byProducer.isEmpty()) {
                    shown.put(key + "/pending", "yes");
                }
            });
            return shown;
        }

        private static Set<String> all(Map<String, Long> committed, Map<String, Map<Integer, Step>> pending) {
            Set<String> keys = new HashSet<>(committed.keySet());
            keys.addAll(pending.keySet());
            return keys;
        }

        private static void remove(
                String key,
                Map<String, Long> committed,
                Map<String, Integer> committedAt,
                Map<String, Map<Integer, Step>> pending) {
            committed.remove(key);
            committedAt.remove(key);
            pending.remove(key);
        }
    }
}
