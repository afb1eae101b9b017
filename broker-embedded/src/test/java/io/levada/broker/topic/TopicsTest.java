/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsTest {
    private static final TopicDefaults DEFAULTS = new TopicDefaults(1, 100, Map.of());

    @TempDir
    Path dir;

    @Test
    void halfMadeTopicIsGoneAfterTheNextStart() throws Exception {
        Topic topic = new Topic("orders", Uuid.randomUuid(), 3, Map.of());
        new TopicStore(dir).intend(topic);
        try (LogDirectory logs = open()) {
            Topics topics = topics(logs);
            assertThat(topics.catalog().find("orders")).isEmpty();
            topics.create(new NewTopic("orders", 3, Map.of()), false).join();
            assertThat(topics.log(new TopicPartition("orders", 2))).isPresent();
        }
    }

    @Test
    void halfDeletedTopicIsGoneAfterTheNextStart() throws Exception {
        try (LogDirectory logs = open()) {
            Topic topic = topics(logs)
                    .create(new NewTopic("orders", 2, Map.of()), false)
                    .join();
            new TopicStore(dir).markDeleted(topic);
        }
        try (LogDirectory logs = open()) {
            assertThat(topics(logs).catalog().all()).isEmpty();
            assertThat(logs.logs()).isEmpty();
        }
        assertThat(dir.resolve("orders.topic")).doesNotExist();
        assertThat(dir.resolve("orders-0")).doesNotExist();
    }

    @Test
    void partitionsOfAnotherBrokerAreTakenOver() throws Exception {
        Uuid id = Uuid.randomUuid();
        try (LogDirectory logs = open()) {
            logs.create(new TopicPartition("orders", 0), id, LogConfig.defaults());
            logs.create(new TopicPartition("orders", 1), id, LogConfig.defaults());
            logs.create(new TopicPartition("__consumer_offsets", 0), Uuid.randomUuid(), LogConfig.defaults());
        }
        try (LogDirectory logs = open()) {
            TopicCatalog catalog = topics(logs).catalog();
            assertThat(catalog.find("orders")).hasValueSatisfying(topic -> {
                assertThat(topic.id()).isEqualTo(id);
                assertThat(topic.partitions()).isEqualTo(2);
                assertThat(topic.configs()).containsEntry("retention.ms", "-1");
            });
            assertThat(catalog.find("__consumer_offsets"))
                    .hasValueSatisfying(
                            topic -> assertThat(topic.configs()).containsEntry("cleanup.policy", "compact"));
        }
    }

    @Test
    void internalTopicsCannotGrow() throws Exception {
        try (LogDirectory logs = open()) {
            Topics topics = topics(logs);
            topics.create(new NewTopic("__consumer_offsets", 2, Map.of()), false)
                    .join();
            for (boolean validateOnly : new boolean[] {true, false}) {
                assertThatThrownBy(() -> topics.grow("__consumer_offsets", 3, validateOnly)
                                .join())
                        .hasCauseInstanceOf(InvalidPartitionsException.class)
                        .hasMessageContaining("__consumer_offsets");
            }
            assertThat(topics.catalog().find("__consumer_offsets").orElseThrow().partitions())
                    .isEqualTo(2);
        }
    }

    @Test
    void defaultsThatATopicCannotGoTogetherWithAreRefusedBeforeTheyAreStored() throws Exception {
        try (LogDirectory logs = open()) {
            Topics topics = topics(logs);
            topics.create(new NewTopic("orders", 1, Map.of("max.compaction.lag.ms", "1000")), false)
                    .join();
            List<Boolean> stored = new ArrayList<>();
            Map<String, String> lag = Map.of("min.compaction.lag.ms", "5000");
            assertThatThrownBy(() -> topics.changeDefaults(
                                    validateOnly -> {
                                        stored.add(!validateOnly);
                                        return lag;
                                    },
                                    false)
                            .join())
                    .hasCauseInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("orders");
            assertThat(stored).doesNotContain(true);
            assertThat(topics.defaults().configs()).isEmpty();
        }
    }

    @Test
    void longestNameFitsIntoAFileName() throws Exception {
        String name = "x".repeat(249);
        try (LogDirectory logs = open()) {
            topics(logs).create(new NewTopic(name, 1, Map.of()), false).join();
            assertThat(topics(logs).catalog().find(name)).isPresent();
        }
    }

    private LogDirectory open() {
        return LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
    }

    private Topics topics(LogDirectory logs) {
        return new Topics(logs, dir, DEFAULTS, Runnable::run);
    }
}
