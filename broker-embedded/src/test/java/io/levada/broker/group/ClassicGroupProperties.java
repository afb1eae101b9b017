/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group under clients that come, go, fall silent and repeat themselves, with a disk that refuses or is late, and power cuts after any step. Whatever
 * happens: what the group is once it is stable is what the log says and a restart finds, and an assignment that was handed out is durable.
 */
class ClassicGroupProperties {
    enum Kind {
        JOIN_ANEW,
        JOIN_STATIC,
        REJOIN,
        SYNC,
        HEARTBEAT,
        LEAVE,
        TIME,
        REFUSE,
        TAKE,
        HOLD,
        FORCE,
        POWER_CUT
    }

    record Step(Kind kind, int client, int ms) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(3, Kind.JOIN_ANEW),
                Tuple.of(2, Kind.JOIN_STATIC),
                Tuple.of(8, Kind.REJOIN),
                Tuple.of(10, Kind.SYNC),
                Tuple.of(4, Kind.HEARTBEAT),
                Tuple.of(2, Kind.LEAVE),
                Tuple.of(3, Kind.TIME),
                Tuple.of(1, Kind.REFUSE),
                Tuple.of(2, Kind.TAKE),
                Tuple.of(1, Kind.HOLD),
                Tuple.of(2, Kind.FORCE),
                Tuple.of(1, Kind.POWER_CUT));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(1, 40_000))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    @Property(tries = 400)
    void aStableGroupIsWhatTheLogSays(@ForAll("steps") List<Step> steps) {
        Run run = new Run();
        for (Step step : steps) {
            run.take(step);
            run.hearAnswers();
            run.check();
        }
        run.everybodyFallsSilent();
    }

    /** Found by the property above, seed -1934774154502434610. */
    @Example
    void aStaticMemberWhoseSessionEndedWhileItWaitedIsNotWaitedForForEver() {
        aStableGroupIsWhatTheLogSays(List.of(
                new Step(Kind.JOIN_ANEW, 0, 1),
                new Step(Kind.REJOIN, 0, 1),
                new Step(Kind.JOIN_STATIC, 0, 1),
                new Step(Kind.JOIN_STATIC, 0, 1),
                new Step(Kind.REJOIN, 0, 1),
                new Step(Kind.JOIN_ANEW, 0, 1),
                new Step(Kind.JOIN_ANEW, 0, 1),
                new Step(Kind.REJOIN, 0, 1),
                new Step(Kind.SYNC, 2, 1)));
    }

    /** Found by the property above, seed -1419075550391083323: the group was empty again by the time that the assignment was forced. */
    @Example
    void anAssignmentMayBeForcedTogetherWithWhatCameAfterIt() {
        List<Step> steps = new ArrayList<>(List.of(
                new Step(Kind.JOIN_ANEW, 0, 1),
                new Step(Kind.REJOIN, 0, 1),
                new Step(Kind.JOIN_STATIC, 0, 1),
                new Step(Kind.REJOIN, 0, 1)));
        for (int i = 0; i < 11; i++) {
            steps.add(new Step(Kind.JOIN_ANEW, 0, 1));
        }
        steps.addAll(List.of(
                new Step(Kind.HOLD, 0, 1),
                new Step(Kind.SYNC, 0, 1),
                new Step(Kind.SYNC, 0, 1),
                new Step(Kind.TIME, 0, 10_000),
                new Step(Kind.FORCE, 0, 1)));
        aStableGroupIsWhatTheLogSays(steps);
    }

    /** A consumer as far as the group protocol goes. */
    private static final class Client {
        private String memberId = "";
        private int generation = -1;
        private List<String> members = List.of();
        private @Nullable CompletableFuture<JoinGroupResponseData> joining;
        private @Nullable CompletableFuture<SyncGroupResponseData> syncing;
    }

    private static final class Run {
        private GroupWorld world = new GroupWorld();
        private List<Client> clients = new ArrayList<>();
        private boolean holds;

        void take(Step step) {
            switch (step.kind()) {
                case JOIN_ANEW -> clients.add(joined(new Client(), world.join("")));
                case JOIN_STATIC -> clients.add(joined(new Client(), world.join("", "static-" + step.client() % 2, 9)));
                case REJOIN -> with(step, client -> joined(client, world.join(client.memberId)));
                case SYNC -> with(step, this::sync);
                case HEARTBEAT -> with(step, client -> asked(world.heartbeat(client.memberId, client.generation)));
                case LEAVE -> with(step, client -> asked(world.leave(client.memberId)));
                case TIME -> world.thread.advance(step.ms());
                case REFUSE, TAKE -> refuse(step.kind() == Kind.REFUSE);
                case HOLD, FORCE -> hold(step.kind() == Kind.HOLD);
                case POWER_CUT -> {
                    world = world.restarted();
                    holds = false;
                    clients.forEach(client -> {
                        client.joining = null;
                        client.syncing = null;
                    });
                }
            }
        }

        /** What the answer is does not matter to whoever asks. */
        private static void asked(CompletableFuture<?> answer) {
            assertThat(answer).isNotNull();
        }

        private void with(Step step, Consumer<Client> act) {
            if (!clients.isEmpty()) {
                act.accept(clients.get(step.client() % clients.size()));
            }
        }

        private static Client joined(Client client, CompletableFuture<JoinGroupResponseData> answer) {
            client.joining = answer;
            return client;
        }

        private void sync(Client client) {
            Map<String, String> assignments = new HashMap<>();
            client.members.forEach(member -> assignments.put(member, client.generation + ":" + member));
            client.syncing = world.sync(client.memberId, client.generation, assignments);
        }

        private void refuse(boolean on) {
            world.topic.refuse(on);
        }

        private void hold(boolean on) {
            holds = on;
            world.topic.hold(on);
            world.thread.run();
        }

        void hearAnswers() {
            for (Client client : clients) {
                hearJoin(client);
                hearSync(client);
            }
        }

        private void hearJoin(Client client) {
            var answered = client.joining;
            if (answered == null || !answered.isDone()) {
                return;
            }
            client.joining = null;
            if (answered.isCompletedExceptionally()) {
                return;
            }
            JoinGroupResponseData answer = answered.join();
            Errors error = Errors.forCode(answer.errorCode());
            if (error == Errors.MEMBER_ID_REQUIRED) {
                client.memberId = answer.memberId();
            } else if (error == Errors.NONE) {
                client.memberId = answer.memberId();
                client.generation = answer.generationId();
                client.members = answer.members().stream()
                        .map(member -> member.memberId())
                        .toList();
                assertThat(answer.members().isEmpty() || answer.leader().equals(answer.memberId()))
                        .as("only the leader hears of the members")
                        .isTrue();
            }
        }

        /**
         * What was handed out is what the leader of that generation gave to this member, and a restart knows it, or a later generation: of writes that were
         * held back all are forced before an answer is heard.
         */
        private void hearSync(Client client) {
            var answered = client.syncing;
            if (answered == null || !answered.isDone()) {
                return;
            }
            client.syncing = null;
            if (answered.isCompletedExceptionally() || answered.join().errorCode() != Errors.NONE.code()) {
                return;
            }
            String assignment = new String(answered.join().assignment(), UTF_8);
            if (!assignment.isEmpty()) {
                String known = String.valueOf(world.restarted().facts().get(GroupWorld.GROUP));
                if (generationIn(known) <= Integer.parseInt(assignment.substring(0, assignment.indexOf(':')))) {
                    assertThat(known).contains(assignment);
                }
            }
        }

        /** Of a fact such as {@code consumer 3 null null []}. */
        private static int generationIn(String fact) {
            return Integer.parseInt(fact.split(" ", -1)[1]);
        }

        void check() {
            world.shard.groups().find(GroupWorld.GROUP).ifPresent(group -> {
                if (group.is(GroupState.STABLE)) {
                    StoredGroup stored = Objects.requireNonNull(group.stored());
                    assertThat(group.generation()).isEqualTo(stored.generation());
                    assertThat(group.leader()).isEqualTo(stored.leader());
                    assertThat(group.members())
                            .extracting(Member::id)
                            .containsExactlyInAnyOrderElementsOf(stored.members().stream()
                                    .map(StoredGroup.StoredMember::memberId)
                                    .toList());
                }
                if (group.is(GroupState.EMPTY)) {
                    assertThat(group.members()).isEmpty();
                }
                if (group.hasMembers()) {
                    assertThat(group.has(String.valueOf(group.leader()))).isTrue();
                }
            });
            if (!holds) {
                assertThat(world.restarted().facts()).isEqualTo(world.facts());
            }
        }

        /** Then the sessions end, and the log says that nobody is left. */
        void everybodyFallsSilent() {
            refuse(false);
            hold(false);
            world.thread.advance(60 * 60 * 1000);
            world.shard.groups().find(GroupWorld.GROUP).ifPresent(group -> {
                assertThat(group.state()).isEqualTo(GroupState.EMPTY);
                assertThat(group.stored() == null || group.emptinessIsStored()).isTrue();
            });
            assertThat(world.restarted().facts()).isEqualTo(world.facts());
        }
    }
}
