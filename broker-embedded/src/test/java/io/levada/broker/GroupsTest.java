/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class GroupsTest {
    private static final Duration A_MOMENT = Duration.ofMillis(50);
    private static final String TOPIC = "orders";

    @TempDir
    Path dir;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = TestBroker.in(dir, "broker.group.min.session.timeout.ms", "100");
        broker.createTopic(TOPIC, 6);
    }

    @org.junit.jupiter.api.AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void everyPartitionIsOwnedOnceWhileMembersComeAndGo() {
        try (KafkaConsumer<String, String> first = member();
                KafkaConsumer<String, String> second = member()) {
            awaitBalanced(List.of(first, second), 3, 3);
            try (KafkaConsumer<String, String> third = member()) {
                awaitBalanced(List.of(first, second, third), 2, 2, 2);
            }
            awaitBalanced(List.of(first, second), 3, 3);
        }
    }

    @Test
    void whoIsKilledLosesItsPartitionsAfterItsSession() {
        KafkaConsumer<String, String> killed = member("session.timeout.ms", "1000");
        try (KafkaConsumer<String, String> survivor = member()) {
            awaitBalanced(List.of(killed, survivor), 3, 3);
            killed.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO)
                    .withGroupMembershipOperation(
                            org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
            awaitBalanced(List.of(survivor), 6);
        }
    }

    @Test
    void committedOffsetsSurviveARestart() {
        broker.produce(TOPIC, 0, List.of("a", "b", "c"));
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<String, String> consumer = member()) {
            awaitBalanced(List.of(consumer), 6);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(2, "note")));
        }
        broker.close();
        broker = TestBroker.in(dir);
        try (KafkaConsumer<String, String> consumer = member()) {
            assertThat(consumer.committed(Set.of(partition)).get(partition))
                    .isEqualTo(new OffsetAndMetadata(2, "note"));
            List<String> values = new ArrayList<>();
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                consumer.poll(A_MOMENT).forEach(record -> values.add(record.value()));
                return !values.isEmpty();
            });
            assertThat(values).containsExactly("c");
        }
    }

    @Test
    void membersGoOnWhereTheyWereWhenTheBrokerRestartsOnTheSamePort() throws IOException {
        // Not one of the ephemeral range, which a client that retries may take while the broker is away.
        int port = TestBroker.freePort();
        broker.close();
        broker = TestBroker.in(dir, "broker.listeners", "PLAINTEXT://127.0.0.1:" + port);
        try (KafkaConsumer<String, String> consumer = member()) {
            awaitBalanced(List.of(consumer), 6);
            broker.close();
            broker = TestBroker.in(dir, "broker.listeners", "PLAINTEXT://127.0.0.1:" + port);
            broker.produce(TOPIC, 3, List.of("after the restart"));
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                List<String> values = new ArrayList<>();
                consumer.poll(A_MOMENT).forEach(record -> values.add(record.value()));
                return values.contains("after the restart");
            });
            // Metadata that came back in parts may make the client rejoin once: then it says that poll() and a retry
            // are due.
            await().atMost(Duration.ofMinutes(2))
                    .ignoreException(RebalanceInProgressException.class)
                    .untilAsserted(() -> {
                        consumer.poll(A_MOMENT);
                        consumer.commitSync();
                    });
        }
    }

    @Test
    void staticMemberComesBackWithoutARebalance() throws Exception {
        try (KafkaConsumer<String, String> other = member("group.instance.id", "two")) {
            KafkaConsumer<String, String> first = member("group.instance.id", "one");
            awaitBalanced(List.of(first, other), 3, 3);
            int generation = other.groupMetadata().generationId();
            Set<TopicPartition> owned = first.assignment();
            first.close();
            try (KafkaConsumer<String, String> again = member("group.instance.id", "one")) {
                awaitBalanced(List.of(again, other), 3, 3);
                assertThat(again.assignment()).isEqualTo(owned);
                assertThat(other.groupMetadata().generationId()).isEqualTo(generation);
            }
        }
    }

    @Test
    void groupsAreListedDescribedAndDeleted() throws Exception {
        try (Admin admin = broker.admin()) {
            try (KafkaConsumer<String, String> consumer = member()) {
                awaitBalanced(List.of(consumer), 6);
                var described = TestBroker.get(
                        admin.describeConsumerGroups(List.of("group")).all());
                assertThat(described.values())
                        .allSatisfy(group -> assertThat(group.members()).hasSize(1));
                assertThat(TestBroker.failure(
                                admin.deleteConsumerGroups(List.of("group")).all()))
                        .isInstanceOf(org.apache.kafka.common.errors.GroupNotEmptyException.class);
                consumer.commitSync(Map.of(new TopicPartition(TOPIC, 1), new OffsetAndMetadata(0)));
            }
            assertThat(TestBroker.get(admin.listGroups().all()))
                    .extracting(listed -> listed.groupId())
                    .containsExactly("group");
            TestBroker.get(admin.deleteConsumerGroups(List.of("group")).all());
            assertThat(TestBroker.get(admin.listGroups().all())).isEmpty();
            assertThat(TestBroker.failure(
                            admin.describeConsumerGroups(List.of("group")).all()))
                    .isInstanceOf(org.apache.kafka.common.errors.GroupIdNotFoundException.class);
        }
    }

    @Test
    void offsetsOfADeletedTopicAreGone() throws Exception {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (Admin admin = broker.admin()) {
            TestBroker.get(admin.alterConsumerGroupOffsets("group", Map.of(partition, new OffsetAndMetadata(5)))
                    .all());
            TestBroker.get(admin.deleteTopics(List.of(TOPIC)).all());
            broker.createTopic(TOPIC, 6);
            assertThat(TestBroker.get(admin.listConsumerGroupOffsets("group").partitionsToOffsetAndMetadata()))
                    .isEmpty();
        }
    }

    private KafkaConsumer<String, String> member(String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.addAll(List.of(
                "group.id",
                "group",
                "heartbeat.interval.ms",
                "100",
                "partition.assignment.strategy",
                ASSIGNOR,
                "enable.auto.commit",
                "false"));
        KafkaConsumer<String, String> consumer = broker.consumer(all.toArray(String[]::new));
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    private static final String ASSIGNOR = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

    private static void awaitBalanced(List<KafkaConsumer<String, String>> members, Integer... sizes) {
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            members.forEach(member -> member.poll(A_MOMENT));
            Set<TopicPartition> owned = new HashSet<>();
            members.forEach(member -> owned.addAll(member.assignment()));
            assertThat(owned).hasSize(6);
            assertThat(members.stream().map(member -> member.assignment().size()))
                    .containsExactlyInAnyOrder(sizes);
        });
    }
}
