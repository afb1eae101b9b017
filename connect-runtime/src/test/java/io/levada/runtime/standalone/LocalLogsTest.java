/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LocalLogsTest {
    private static final ConnectorName LINES = new ConnectorName("lines");

    @TempDir
    Path dir;

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private final TopicListener listener = new TopicListener() {
        @Override
        public void onRecord(ConsumerRecord<byte[], byte[]> record) {
            heard.add(new String(record.key(), UTF_8) + "@" + record.offset()
                    + (record.value() == null ? " gone" : " " + new String(record.value(), UTF_8)));
        }

        @Override
        public void onBatchEnd() {
            heard.add(".");
        }
    };

    @Test
    void whatIsSentIsHeardInItsOrderBeforeItIsAnswered() {
        try (LocalLogs logs = logs()) {
            TopicLog configs = logs.add("configs", listener);
            join(logs.start());
            heard.clear();
            join(configs.send(bytes("a"), bytes("1")));
            assertThat(heard).containsExactly("a@0 1", ".");
            CompletionStage<Void> second = configs.send(bytes("a"), bytes("2"));
            join(configs.send(bytes("a"), null));
            join(second);
            assertThat(heard.stream().filter(text -> !text.equals("."))).containsExactly("a@0 1", "a@1 2", "a@2 gone");
            join(configs.readToEnd());
        }
        heard.clear();
        try (LocalLogs logs = logs()) {
            logs.add("configs", listener);
            join(logs.start());
            assertThat(heard).as("kept in memory only").containsExactly(".");
        }
    }

    @Test
    void offsetsOutliveTheProcess() {
        try (LocalLogs logs = logs()) {
            OffsetStore store = store(logs);
            join(store.write(LINES, Map.of(Map.of("file", "a"), Map.of("position", 1))));
            join(store.write(LINES, Map.of(Map.of("file", "b"), Map.of("position", 2))));
            join(store.write(LINES, Map.of(Map.of("file", "a"), Map.of("position", 3))));
            join(store.write(LINES, Collections.singletonMap(Map.of("file", "b"), null)));
        }
        try (LocalLogs logs = logs()) {
            assertThat(store(logs).offsets(LINES)).isEqualTo(Map.of(Map.of("file", "a"), Map.of("position", 3L)));
        }
    }

    @Test
    void manyWritesAtOnceAreAllThere() {
        try (LocalLogs logs = logs()) {
            OffsetStore store = store(logs);
            List<CompletionStage<Void>> writes = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                writes.add(store.write(LINES, Map.of(Map.of("file", i % 500), Map.of("position", i))));
            }
            writes.forEach(LocalLogsTest::join);
        }
        try (LocalLogs logs = logs()) {
            Map<?, ?> offsets = store(logs).offsets(LINES);
            assertThat(offsets).hasSize(500);
            for (int i = 0; i < 500; i++) {
                assertThat((Object) offsets.get(Map.of("file", (long) i))).isEqualTo(Map.of("position", 1_500L + i));
            }
        }
    }

    @Test
    void offsetsThatCannotBeWrittenAreRefusedAndNotHeard() throws Exception {
        try (LocalLogs logs = logs()) {
            OffsetStore store = store(logs);
            Path inTheWay = Files.createDirectories(dir.resolve("offsets~"));
            CompletionStage<Void> write = store.write(LINES, Map.of(Map.of("file", "a"), Map.of("position", 1)));
            assertThatThrownBy(() -> join(write))
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("Offsets cannot be written");
            assertThat(store.offsets(LINES)).isEmpty();
            Files.delete(inTheWay);
            join(store.write(LINES, Map.of(Map.of("file", "a"), Map.of("position", 2))));
            assertThat(store.offsets(LINES)).hasSize(1);
        }
    }

    @Test
    void namesMustDiffer() {
        try (LocalLogs logs = logs()) {
            logs.add("offsets", listener);
            assertThatThrownBy(() -> logs.add("offsets", listener)).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    void nothingIsTakenAfterTheEnd() {
        LocalLogs logs = logs();
        TopicLog configs = logs.add("configs", listener);
        join(logs.start());
        logs.close();
        assertThatThrownBy(() -> join(configs.send(bytes("a"), bytes("1")))).hasMessageContaining("stopping");
        assertThatThrownBy(() -> join(configs.readToEnd())).hasMessageContaining("stopping");
    }

    private LocalLogs logs() {
        return new LocalLogs(dir.resolve("offsets"), "offsets");
    }

    private static OffsetStore store(LocalLogs logs) {
        OffsetStore store = new OffsetStore();
        store.writeTo(logs.add("offsets", store));
        join(logs.start());
        return store;
    }

    private static void join(CompletionStage<Void> stage) {
        stage.toCompletableFuture().join();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
