/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.status.StatusStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** On a Kafka cluster anybody may write to the worker's topics: no record there ends the reading, and none spoils what the others say. */
class HostileRecordsTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");
    private static final List<@Nullable String> KEYS = Arrays.asList(
            null,
            "",
            "k",
            "null",
            "[]",
            "{}",
            "-",
            "connector-",
            "connector-x",
            "task-",
            "task-x",
            "task-x-0",
            "task-x--1",
            "task-x-99999999999",
            "commit-",
            "commit-x",
            "tasks-fencing-",
            "tasks-fencing-x",
            "task-x-2147483647",
            "status-task-x-2147483647",
            "logger-cluster-",
            "logger-cluster-x",
            "target-state-",
            "target-state-x",
            "restart-connector-x",
            "session-key",
            "status-connector-",
            "status-connector-x",
            "status-task-",
            "status-task-x",
            "status-task-x--1",
            "status-task-x-7",
            "status-topic-",
            "status-topic-t",
            "status-topic-t:connector-x",
            "[\"x\",{}]",
            "[\"x\",null]",
            "[\"x\",{\"a\":1e999}]",
            "[null,null]",
            "[1,{}]",
            "[\"x\",[]]",
            "[\"x\",{\"\":null}]",
            deep("[", "]", 5_000),
            "connector-" + "x".repeat(200_000));
    private static final List<@Nullable String> VALUES = Arrays.asList(
            null,
            "",
            "v",
            "null",
            "1",
            "\"text\"",
            "[]",
            "{}",
            "{\"properties\":null}",
            "{\"properties\":1}",
            "{\"properties\":[]}",
            "{\"properties\":{\"a\":1}}",
            "{\"properties\":{\"a\":null}}",
            "{\"tasks\":-1}",
            "{\"tasks\":2147483647}",
            "{\"tasks\":9223372036854775808}",
            "{\"tasks\":\"1\"}",
            "{\"task-count\":2147483647}",
            "{\"task-count\":null}",
            "{\"level\":\"LOUD\"}",
            "{\"key\":\"k\",\"algorithm\":7,\"creation-timestamp\":\"x\"}",
            "{\"state\":\"X\"}",
            "{\"state\":1,\"state.v2\":{}}",
            "{\"include-tasks\":1}",
            "{\"state\":\"RUNNING\",\"worker_id\":\"w\",\"generation\":99999999999}",
            "{\"state\":\"RUNNING\",\"worker_id\":1,\"generation\":\"x\"}",
            "{\"a\":1}{\"b\":2}",
            deep("{\"a\":", "}", 5_000),
            deep("[", "]", 100_000),
            "1".repeat(5_000),
            "{\"a\":\"" + "x".repeat(1_000_000) + "\"}");

    @Test
    void configsAreReadOnBehindThem() {
        ConfigStore store = new ConfigStore(new ConfigListener() {
            @Override
            public void onConfig(ClusterConfig config) {}

            @Override
            public void onRestart(RestartRequest request) {}
        });
        InMemoryLog log = new InMemoryLog(store);
        log.written("connector-orders", "{\"properties\":{\"x\":\"1\"}}");
        sendAll(store);
        log.written("task-orders-0", "{\"properties\":{\"n\":\"0\"}}");
        log.written("commit-orders", "{\"tasks\":1}");
        assertThat(store.snapshot().tasks(ORDERS)).hasSize(1);
    }

    @Test
    void offsetsAreReadOnBehindThem() {
        OffsetStore store = new OffsetStore();
        InMemoryLog log = new InMemoryLog(store);
        sendAll(store);
        log.written("[\"orders\",{\"table\":\"t\"}]", "{\"at\":7}");
        assertThat(store.offset(ORDERS, Map.of("table", "t"))).isEqualTo(Map.of("at", 7L));
    }

    @Test
    void statusesAreReadOnBehindThem() {
        StatusStore store = new StatusStore(InstantSource.system());
        InMemoryLog log = new InMemoryLog(store);
        sendAll(store);
        log.written("status-connector-orders", "{\"state\":\"PAUSED\",\"worker_id\":\"w\",\"generation\":3}");
        assertThat(store.connector(ORDERS))
                .hasValueSatisfying(status -> assertThat(status.generation()).isEqualTo(3));
    }

    private static void sendAll(TopicListener store) {
        List<byte @Nullable []> keys = bytes(KEYS);
        List<byte @Nullable []> values = bytes(VALUES);
        Random random = new Random(20261126);
        for (int i = 0; i < 200; i++) {
            byte[] rubbish = new byte[random.nextInt(40)];
            random.nextBytes(rubbish);
            keys.add(i % 2 == 0 ? rubbish : "connector-x".getBytes(UTF_8));
            values.add(rubbish);
        }
        for (byte @Nullable [] key : keys) {
            for (byte @Nullable [] value : values.subList(0, VALUES.size())) {
                send(store, key, value);
            }
        }
        values.forEach(value -> send(store, "connector-x".getBytes(UTF_8), value));
    }

    @SuppressWarnings("NullAway") // What strangers write may be null anywhere.
    private static void send(TopicListener store, byte @Nullable [] key, byte @Nullable [] value) {
        assertThatCode(() -> {
                    store.onRecord(new ConsumerRecord<>("internal", 0, 0, key, value));
                    store.onBatchEnd();
                })
                .doesNotThrowAnyException();
    }

    private static List<byte @Nullable []> bytes(List<@Nullable String> texts) {
        List<byte @Nullable []> all = new ArrayList<>();
        texts.forEach(text -> all.add(text == null ? null : text.getBytes(UTF_8)));
        return all;
    }

    private static String deep(String open, String close, int levels) {
        return open.repeat(levels) + "1" + close.repeat(levels);
    }
}
