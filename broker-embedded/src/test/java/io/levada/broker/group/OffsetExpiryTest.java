/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.BrokerConfig;
import io.levada.broker.coordinator.InMemoryTopic;
import io.levada.broker.coordinator.ManualThread;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Offsets past their retention go with the next look, which comes as often as the setting says. */
class OffsetExpiryTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    @Test
    void theSettingSaysHowOftenOffsetsAreLookedAt() {
        ManualThread thread = new ManualThread();
        GroupConfig config = BrokerConfig.from(Map.of(
                        "broker.offsets.retention.minutes", "1",
                        "broker.offsets.retention.check.interval.ms", "7000"))
                .groups();
        Coordinator coordinator = new Coordinator(config, thread);
        coordinator.commit(thread.millis());
        thread.advance(Duration.ofSeconds(62).toMillis());
        assertThat(coordinator.offsets()).containsOnlyKeys(PARTITION);
        thread.advance(Duration.ofSeconds(2).toMillis());
        assertThat(coordinator.offsets()).isEmpty();
    }

    @Test
    void byDefaultTheyAreLookedAtEveryTenMinutes() {
        assertThat(BrokerConfig.from(Map.of()).groups().expiryInterval()).isEqualTo(Duration.ofMinutes(10));
    }

    /** A deletion may have come when nothing could be written. */
    @Test
    void aLookRemovesTheOffsetsOfATopicThatIsNotThere() {
        ManualThread thread = new ManualThread();
        GroupConfig config = BrokerConfig.from(Map.of("broker.offsets.retention.check.interval.ms", "7000"))
                .groups();
        AtomicBoolean isThere = new AtomicBoolean(true);
        Coordinator coordinator = new Coordinator(config, thread, new InMemoryTopic(1), topic -> isThere.get());
        coordinator.commit(thread.millis());
        thread.advance(7000);
        assertThat(coordinator.offsets()).containsOnlyKeys(PARTITION);
        isThere.set(false);
        thread.advance(7000);
        assertThat(coordinator.offsets()).isEmpty();
    }

    private static final class Coordinator {
        private final ManualThread thread;
        private final GroupCoordinator groups;

        Coordinator(GroupConfig config, ManualThread thread) {
            this(config, thread, new InMemoryTopic(1), topic -> true);
        }

        Coordinator(GroupConfig config, ManualThread thread, InMemoryTopic topic, Predicate<String> isThere) {
            this.thread = thread;
            this.groups = new GroupCoordinator(topic, isThere, config, thread, thread);
            thread.run();
        }

        void commit(long nowMs) {
            Offsets.Committer committer = new Offsets.Committer("g", "", null, -1, null, (short) 9);
            CompletableFuture<?> done = groups.write(
                    "g",
                    shard -> shard.offsets()
                            .commit(committer, Map.of(PARTITION, new CommittedOffset(1, -1, "", nowMs))));
            thread.run();
            assertThat(done).isCompleted();
        }

        Map<TopicPartition, CommittedOffset> offsets() {
            CompletableFuture<Map<TopicPartition, CommittedOffset>> seen =
                    groups.read("g", shard -> shard.offsets().committed().of("g"));
            thread.run();
            return seen.join();
        }
    }
}
