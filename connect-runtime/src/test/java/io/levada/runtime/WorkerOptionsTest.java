/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.herder.BadRequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker on whose operator's word things are not done that it does otherwise. */
final class WorkerOptionsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static RunningWorker worker;

    @BeforeAll
    static void start() {
        worker = new RunningWorker(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                Map.of(
                        "topic.tracking.enable", "false",
                        "topic.creation.enable", "false",
                        "exactly.once.source.support", "preparing",
                        "status.storage.partitions", "1"));
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void topicsThatConnectorsUseAreNotRemembered() {
        worker.create("source", counting("remembered"));
        worker.create(
                "sink",
                Map.of(
                        "connector.class", RecordingSink.class.getName(),
                        "topics", "remembered",
                        "consumer.override.auto.offset.reset", "earliest"));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> RecordingSink.values("sink").size() >= 3);

        assertThat(get(worker.herder().activeTopics(new ConnectorName("source"))))
                .isEmpty();
        assertThat(worker.records("connect-status", 4))
                .extracting(ConsumerRecord::key)
                .anyMatch(key -> key.startsWith("status-task-sink"))
                .noneMatch(key -> key.startsWith("status-topic-"));
    }

    @Test
    void topicsAreAsTheBrokerMakesThemAndNotAsTheConnectorWants() throws Exception {
        Map<String, String> config = counting("wanted-otherwise");
        config.put("topic.creation.default.partitions", "7");
        config.put("topic.creation.default.replication.factor", "1");
        worker.create("otherwise", config);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", worker.bootstrapServers()))) {
            // A consumer that waited for the topic would have it made itself.
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> admin.listTopics().names().get().contains("wanted-otherwise"));
            assertThat(admin.describeTopics(List.of("wanted-otherwise"))
                            .allTopicNames()
                            .get())
                    .hasEntrySatisfying(
                            "wanted-otherwise",
                            topic -> assertThat(topic.partitions()).hasSizeLessThan(7));
        }
    }

    @Test
    void whileExactlyOnceIsOnlyBeingPreparedNobodyCanRequireIt() {
        Map<String, String> config = counting("required");
        config.put("exactly.once.support", "required");

        assertThatThrownBy(() -> worker.create("required", config))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("exactly.once.source.support=enabled");
    }

    private static Map<String, String> counting(String topic) {
        return new HashMap<>(Map.of("connector.class", CountingSource.class.getName(), "topic", topic, "count", "3"));
    }
}
