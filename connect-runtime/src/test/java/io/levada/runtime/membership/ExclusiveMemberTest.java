/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two workers of one group one runs. */
final class ExclusiveMemberTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static EmbeddedKafka broker;

    private String group;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedKafka.start(WorkerConfig.from(
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString())));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void name() {
        group = "group-" + NUMBER.incrementAndGet();
    }

    @Test
    void theSecondOneIsRefusedByName() {
        try (ExclusiveMember first = claim("first:8083", Optional.empty())) {
            assertThatThrownBy(() -> claim("second:8083", Optional.empty()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Another worker of group " + group)
                    .hasMessageContaining("first:8083")
                    .hasMessageContaining("group.id");
            assertThat(first.broken().toCompletableFuture()).isNotDone();
        }
    }

    @Test
    void whoLeavesMakesRoomAtOnce() {
        claim("first:8083", Optional.empty()).close();

        try (ExclusiveMember second = claim("second:8083", Optional.empty())) {
            Queue<GroupEvent> events = new ConcurrentLinkedQueue<>();
            second.join(events::add);
            assertThat(events).hasSize(1).first().isInstanceOfSatisfying(GroupEvent.Assigned.class, assigned -> {
                assertThat(assigned.leader()).isEqualTo("second:8083");
                assertThat(assigned.generation()).isPositive();
            });
        }
    }

    @Test
    void aMemberOfAnotherKindThatIsAliveIsNamed() {
        try (KafkaConsumer<byte[], byte[]> other = otherKind(Map.of())) {
            assertThatThrownBy(() -> claim("second:8083", Optional.empty()))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("Another worker of group " + group)
                    .hasMessageContaining("of-another-kind at 127.0.0.1");
            assertThat(other.assignment()).isNotNull();
        }
    }

    @Test
    void aDeadMemberIsWaitedFor() {
        otherKind(Map.of())
                .close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));

        claim("second:8083", Optional.empty()).close();
    }

    /** Somebody else's code finds and interrupts it. */
    @Test
    void interruptionsWhileADeadMemberIsWaitedForAreNothingToIt() {
        otherKind(Map.of())
                .close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
        CompletableFuture<ExclusiveMember> second =
                CompletableFuture.supplyAsync(() -> claim("second:8083", Optional.empty()));
        await().atMost(LONG_ENOUGH)
                .pollInterval(Duration.ofMillis(20))
                .until(ExclusiveMemberTest::interruptsWhoWaitsForADeadMember);

        assertThat(second).succeedsWithin(LONG_ENOUGH);
        second.join().close();
    }

    private static boolean interruptsWhoWaitsForADeadMember() {
        for (Map.Entry<Thread, StackTraceElement[]> found :
                Thread.getAllStackTraces().entrySet()) {
            if (Arrays.stream(found.getValue())
                    .anyMatch(call -> call.getMethodName().equals("awaitNobody"))) {
                found.getKey().interrupt();
                return true;
            }
        }
        return false;
    }

    /** Its session is longer than anybody would wait. */
    @Test
    void anEarlierLifeInAPlaceForOneIsNotWaitedFor() {
        otherKind(Map.of("group.instance.id", "place", "session.timeout.ms", 1_800_000))
                .close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));

        claim("second:8083", Optional.of("place")).close();
    }

    @Test
    void aLostPlaceStopsTheWorkUntilItIsWonBack() throws Exception {
        try (ExclusiveMember only = claim("only:8083", Optional.of("place"));
                Admin admin = Admin.create(clients())) {
            Queue<GroupEvent> events = new ConcurrentLinkedQueue<>();
            only.join(events::add);

            admin.removeMembersFromConsumerGroup(
                            group, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("place"))))
                    .all()
                    .get();

            await().atMost(LONG_ENOUGH).until(() -> events.size() >= 3);
            assertThat(List.copyOf(events).subList(0, 3))
                    .extracting(GroupEvent::getClass)
                    .isEqualTo(List.of(GroupEvent.Assigned.class, GroupEvent.Lost.class, GroupEvent.Assigned.class));
            assertThat(only.broken().toCompletableFuture()).isNotDone();
        }
    }

    /** As when two processes share a place for one: the one that the brokers met last has it. */
    @Test
    void whoIsOustedOfItsPlaceStopsForGood() {
        try (ExclusiveMember first = claim("first:8083", Optional.of("place"))) {
            Queue<GroupEvent> toFirst = new ConcurrentLinkedQueue<>();
            first.join(toFirst::add);
            try (ExclusiveMember second = claim("second:8083", Optional.of("place"))) {
                Queue<GroupEvent> toSecond = new ConcurrentLinkedQueue<>();
                second.join(toSecond::add);

                CompletableFuture<Throwable> ofFirst = first.broken().toCompletableFuture();
                CompletableFuture<Throwable> ofSecond = second.broken().toCompletableFuture();
                assertThat(CompletableFuture.anyOf(ofFirst, ofSecond)).succeedsWithin(LONG_ENOUGH);

                // A first one that hears of its removal before the second has joined comes back, and is met last.
                Queue<GroupEvent> toOusted = ofFirst.isDone() ? toFirst : toSecond;
                assertThat(List.copyOf(toOusted)).last().isInstanceOf(GroupEvent.Lost.class);
                assertThat(ofFirst.isDone() && ofSecond.isDone()).isFalse();
            }
        }
    }

    /** Nobody takes the first one out of the group before, and the brokers tell the second what they had told the first. */
    @Test
    void whoIsMetLastInAPlaceIsTheOneThatTheGroupAgreesOn() {
        Agreed ofFirst = new Agreed();
        Agreed ofSecond = new Agreed();
        try (GroupClient first = GroupClient.open(settings("first:8083", Optional.of("place")), consumer(), ofFirst);
                GroupClient second =
                        GroupClient.open(settings("second:8083", Optional.of("place")), consumer(), ofSecond)) {
            await().atMost(LONG_ENOUGH).until(() -> {
                first.poll();
                return ofFirst.workers.equals(List.of("first:8083 own"));
            });

            await().atMost(LONG_ENOUGH).until(() -> {
                second.poll();
                return !ofSecond.workers.isEmpty();
            });

            assertThat(ofSecond.workers).containsExactly("second:8083 own");
        }
    }

    private static final class Agreed implements GroupCoordination.Listener {
        private final List<String> workers = new ArrayList<>();

        @Override
        public void onAgreed(int generation, Holder holder, boolean own) {
            workers.add(holder.workerId() + (own ? " own" : ""));
        }

        @Override
        public void onLost() {}
    }

    private ExclusiveMember claim(String workerId, Optional<String> instance) {
        return ExclusiveMember.claim(settings(workerId, instance), consumer(), clients());
    }

    private GroupSettings settings(String workerId, Optional<String> instance) {
        return new GroupSettings(
                group, workerId, instance, Duration.ofSeconds(6), Duration.ofSeconds(60), Duration.ofMillis(500));
    }

    private static Map<String, Object> clients() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }

    private static Map<String, Object> consumer() {
        Map<String, Object> settings = new HashMap<>(clients());
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        return settings;
    }

    /** A member that joined by another protocol, as a worker of Apache Kafka Connect does. */
    private KafkaConsumer<byte[], byte[]> otherKind(Map<String, Object> more) {
        Map<String, Object> settings = consumer();
        settings.put("group.id", group);
        settings.put("client.id", "of-another-kind");
        settings.put("session.timeout.ms", 6000);
        settings.put("heartbeat.interval.ms", 500);
        settings.putAll(more);
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings);
        consumer.subscribe(List.of("nothing-" + group));
        await().atMost(LONG_ENOUGH).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return consumer.groupMetadata().generationId() > 0;
        });
        return consumer;
    }
}
