/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ours and Apache's own connectors, side by side on the same input. */
class ApachesFileStreamTest {
    private static final String APACHES_SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector";
    private static final TopicPartition PARTITION = new TopicPartition("lines", 0);

    private final SourceConnector apaches = new org.apache.kafka.connect.file.FileStreamSourceConnector();
    private final SourceConnector ours = new FileStreamSourceConnector();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void sourceRecordsAreTheSame() throws Exception {
        Map<String, String> config = source("one\ntwo\r\nthree\r\n\nfive\nunfinished");
        assertThat(withoutTime(polled(ours, config, new MemoryOffsets(), 5)))
                .isEqualTo(withoutTime(polled(apaches, config, new MemoryOffsets(), 5)));
    }

    @Test
    void apachesGoesOnWhereOursStopped() throws Exception {
        Map<String, String> config = source("one\ntwo\n");
        MemoryOffsets offsets = new MemoryOffsets();
        polled(ours, config, offsets, 2);
        Files.writeString(Path.of(config.getOrDefault("file", "")), "one\ntwo\nthree\n");
        assertThat(polled(apaches, config, offsets, 1))
                .extracting(SourceRecord::value)
                .isEqualTo(List.of("three"));
    }

    @Test
    void oursGoesOnWhereApachesStopped() throws Exception {
        Map<String, String> config = source("one\ntwo\nthree\n");
        MemoryOffsets offsets = new MemoryOffsets();
        polled(apaches, config, offsets, 3);
        Files.writeString(Path.of(config.getOrDefault("file", "")), "one\ntwo\nthree\nfour\n");
        assertThat(polled(ours, config, offsets, 1))
                .extracting(SourceRecord::value)
                .isEqualTo(List.of("four"));
    }

    @Test
    void sinkLinesAreTheSameUnderApachesName() throws Exception {
        assertThat(lines(new FileStreamSinkConnector())).isEqualTo(lines(newApachesSink()));
    }

    @Test
    void exactlyOnceSupportIsTheSame() {
        for (Map<String, String> config : List.of(Map.of("topic", "t", "file", "f"), Map.of("topic", "t"))) {
            assertThat(ours.exactlyOnceSupport(config)).isEqualTo(apaches.exactlyOnceSupport(config));
        }
    }

    @Test
    void alteredOffsetsAreTakenAndRefusedAlike() {
        List<Map<String, ?>> partitions =
                Arrays.asList(Map.of("filename", "f"), Map.of("filename", "another"), Map.of("wrong", "f"), Map.of());
        List<Map<String, ?>> offsets = Arrays.asList(
                null,
                Map.of("position", 0L),
                Map.of("position", 7L),
                Map.of("position", -1L),
                Map.of("position", "7"),
                Map.of("position", 7),
                Map.of("wrong", 7L),
                Map.of());
        for (Map<String, String> config : List.of(Map.of("topic", "t", "file", "f"), Map.of("topic", "t"))) {
            for (Map<String, ?> partition : partitions) {
                for (Map<String, ?> offset : offsets) {
                    Map<Map<String, ?>, Map<String, ?>> altered = Collections.singletonMap(partition, offset);
                    assertThat(takes(ours, config, altered))
                            .as("%s with %s", altered, config)
                            .isEqualTo(takes(apaches, config, altered));
                }
            }
        }
    }

    @Test
    void missingTopicIsRefusedByBoth() {
        for (SourceConnector each : List.of(ours, apaches)) {
            assertThatThrownBy(() -> SourceHarness.start(each, Map.of("file", "f"), new MemoryOffsets()))
                    .hasMessageContaining("topic");
        }
    }

    private static boolean takes(
            SourceConnector connector, Map<String, String> config, Map<Map<String, ?>, Map<String, ?>> offsets) {
        try {
            return connector.alterOffsets(config, offsets);
        } catch (ConnectException refused) {
            return false;
        }
    }

    private Map<String, String> source(String content) throws Exception {
        Path file = Files.writeString(folder.resolve("in.txt"), content);
        return Map.of("file", file.toString(), "topic", "lines");
    }

    private static List<SourceRecord> polled(
            SourceConnector connector, Map<String, String> config, MemoryOffsets offsets, int count) throws Exception {
        try (var source = SourceHarness.start(connector, config, offsets)) {
            List<SourceRecord> records = new ArrayList<>(source.poll(count, Duration.ofMinutes(2)));
            source.commit();
            return records;
        }
    }

    /** And without what our offsets add: which file they are of. */
    private static List<SourceRecord> withoutTime(List<SourceRecord> records) {
        return records.stream()
                .map(each -> new SourceRecord(
                        each.sourcePartition(),
                        Map.of("position", each.sourceOffset().get("position")),
                        each.topic(),
                        each.kafkaPartition(),
                        null,
                        null,
                        each.valueSchema(),
                        each.value(),
                        0L))
                .toList();
    }

    private static SinkConnector newApachesSink() {
        return new org.apache.kafka.connect.file.FileStreamSinkConnector();
    }

    private String lines(SinkConnector connector) throws Exception {
        Path file = folder.resolve(connector.getClass().getName());
        Schema schema = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
        List<Object> values = Arrays.asList(
                "text", 7L, 1.5, true, null, List.of(1, 2), Map.of("a", 1), new Struct(schema).put("id", 1));
        Map<String, String> config = Map.of("file", file.toString(), "connector.class", APACHES_SINK);
        try (var sink = SinkHarness.start(connector, config, PARTITION)) {
            for (int i = 0; i < values.size(); i++) {
                sink.put(new SinkRecord("lines", 0, null, null, null, values.get(i), i));
            }
        }
        return Files.readString(file);
    }
}
