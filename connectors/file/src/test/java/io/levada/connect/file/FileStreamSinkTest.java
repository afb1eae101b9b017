/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SinkHarness;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStreamSinkTest {
    private static final TopicPartition PARTITION = new TopicPartition("lines", 0);

    private final Map<String, String> config = new HashMap<>();
    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("out.txt");
        config.put("file", file.toString());
    }

    @Test
    void structuredValuesBecomeJson() {
        Schema schema = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
        try (var sink = start()) {
            sink.put(
                    record(0, "text"),
                    record(1, 42L),
                    record(2, Collections.singletonMap("a", 1)),
                    record(3, new Struct(schema).put("id", 7)));
        }
        assertThat(file).hasContent("text\n42\n{\"a\":1}\n{\"id\":7}\n");
    }

    @Test
    void namedFormatWinsOverTheNameOfTheClass() {
        config.put("connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector");
        config.put("file.format", "json");
        try (var sink = start()) {
            sink.put(record(0, Collections.singletonMap("a", 1)));
        }
        assertThat(file).hasContent("{\"a\":1}\n");
    }

    @Test
    void underApachesNameValuesBecomeLinesAsTheirTextSays() {
        config.put("connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector");
        Schema schema = SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
        try (var sink = start()) {
            sink.put(
                    record(0, "text"),
                    record(1, 42L),
                    record(2, null),
                    record(3, Collections.singletonMap("a", 1)),
                    record(4, new Struct(schema).put("id", 7)));
        }
        assertThat(file).hasContent("text\n42\nnull\n{a=1}\nStruct{id=7}\n");
    }

    @Test
    void whatWasPutIsSeenByOthersAtOnce() {
        try (var sink = start()) {
            sink.put(record(0, "now"));
            assertThat(file).hasContent("now\n");
        }
    }

    @Test
    void everythingPutMayBeCommitted() {
        try (var sink = start()) {
            sink.put(record(0, "a"), record(1, "b"));
            assertThat(sink.commit()).isEqualTo(Map.of(PARTITION, 2L));
        }
    }

    @Test
    void linesAreAppendedToWhatIsThere() throws Exception {
        Files.writeString(file, "before\n");
        try (var sink = start()) {
            sink.put(record(0, "after"));
        }
        assertThat(file).hasContent("before\nafter\n");
    }

    @Test
    void lineTornByACrashIsEndedFirst() throws Exception {
        Files.writeString(file, "whole\nto");
        try (var sink = start()) {
            sink.put(record(0, "torn"));
        }
        assertThat(file).hasContent("whole\nto\ntorn\n");
    }

    @Test
    void recordsSinceTheCommitComeAgainAfterACrash() {
        try (var sink = start()) {
            sink.put(record(0, "a"));
            sink.commit();
            sink.put(record(1, "b"));
            sink.put(sink.crash());
        }
        assertThat(file).hasContent("a\nb\nb\n");
    }

    @Test
    void charactersAreWrittenAsNamed() throws Exception {
        config.put("file.charset", "ISO-8859-1");
        try (var sink = start()) {
            sink.put(record(0, "água"));
        }
        assertThat(Files.readAllBytes(file)).isEqualTo("água\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void withoutAFileLinesGoToStandardOutput() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try (var sink = SinkHarness.start(new FileStreamSinkConnector(), Map.of(), PARTITION)) {
            sink.put(record(0, "shown"));
        } finally {
            System.setOut(before);
        }
        assertThat(written.toString(StandardCharsets.UTF_8).lines()).containsExactly("shown");
    }

    @Test
    void missingFolderIsNamedWithTheWayOut() {
        config.put("file", file.resolveSibling("absent").resolve("out.txt").toString());
        assertThatThrownBy(this::start)
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("absent")
                .hasMessageContaining("its folder must exist and be writable");
    }

    @Test
    void severalTasksShareTheFile() {
        assertThat(tasksOf(3)).isEqualTo(3);
    }

    private int tasksOf(int tasksMax) {
        FileStreamSinkConnector connector = new FileStreamSinkConnector();
        connector.start(config);
        return connector.taskConfigs(tasksMax).size();
    }

    private SinkHarness start() {
        return SinkHarness.start(new FileStreamSinkConnector(), config, PARTITION);
    }

    private static SinkRecord record(long offset, @Nullable Object value) {
        return new SinkRecord(PARTITION.topic(), PARTITION.partition(), null, null, null, value, offset);
    }
}
