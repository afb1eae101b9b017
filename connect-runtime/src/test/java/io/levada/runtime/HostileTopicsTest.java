/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connectors.CountingSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker over topics that strangers have written to. */
final class HostileTopicsTest {
    private static final String DEEP = "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000);
    private static final List<String> KEYS = List.of(
            "tasks-fencing-a",
            "tasks-fencing-orders",
            "task-a-2147483647",
            "task-orders-2147483647",
            "commit-a",
            "commit-orders",
            "connector-",
            "connector-a",
            "target-state-a",
            "session-key",
            "restart-connector-a",
            "logger-cluster-a",
            "status-task-orders-2147483647",
            "status-connector-a",
            "[\"orders\",{\"a\":1}]",
            "[\"a\",null]");
    private static final List<String> VALUES = List.of(
            "{\"task-count\":2147483647}",
            "{\"tasks\":2147483647}",
            "{\"properties\":{\"a\":null}}",
            "{\"properties\":{\"connector.class\":null,\"tasks.max\":\"2147483647\"}}",
            "{\"state\":\"RUNNING\",\"worker_id\":null,\"generation\":-9223372036854775808}",
            "{\"key\":\"k\",\"algorithm\":null,\"creation-timestamp\":\"x\"}",
            "[1e999]",
            "rubbish",
            DEEP);

    @TempDir
    Path folder;

    private static Map<String, String> counting(String topic) {
        return Map.of("connector.class", CountingSource.class.getName(), "topic", topic, "count", "3");
    }

    private static void spoil(RunningWorker worker) {
        try (KafkaProducer<String, String> stranger = new KafkaProducer<>(
                Map.of("bootstrap.servers", worker.bootstrapServers(), "max.request.size", 10_000_000),
                new StringSerializer(),
                new StringSerializer())) {
            for (String topic : List.of("connect-configs", "connect-offsets", "connect-status")) {
                for (String key : KEYS) {
                    for (String value : VALUES) {
                        var unused = stranger.send(new ProducerRecord<>(topic, key, value));
                    }
                }
            }
            // Of many tasks, and not of more than there can be: those are fenced.
            var unused = stranger.send(
                    new ProducerRecord<>("connect-configs", "tasks-fencing-later", "{\"task-count\":25}"));
        }
    }

    @Test
    void aWorkerStartsBehindHostileRecordsAndRunsItsConnectors() {
        try (RunningWorker worker = new RunningWorker(
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString()),
                Map.of("exactly.once.source.support", "enabled"))) {
            worker.create("orders", counting("orders"));
            assertThat(worker.values("orders", 3)).hasSize(3);
            spoil(worker);

            worker.restart();

            worker.create("later", counting("later"));
            assertThat(worker.values("later", 3)).hasSize(3);
            worker.put("orders", counting("orders-again"));
            worker.awaitStates("orders", "RUNNING", "RUNNING");
            worker.awaitStates("later", "RUNNING", "RUNNING");
        }
    }
}
