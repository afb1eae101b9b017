/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStreamSourceTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    private final MemoryOffsets offsets = new MemoryOffsets();
    private final Map<String, String> config = new HashMap<>();
    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("in.txt");
        config.put("file", file.toString());
        config.put("topic", "lines");
    }

    @Test
    void eachLineIsAStringValueWithApachesPartitionAndOffset() throws Exception {
        append("one\ntwo\n");
        try (var source = start()) {
            List<SourceRecord> records = source.poll();
            assertThat(values(records)).containsExactly("one", "two");
            SourceRecord first = records.get(0);
            assertThat(first.topic()).isEqualTo("lines");
            assertThat(first.key()).isNull();
            assertThat(first.keySchema()).isNull();
            assertThat(first.valueSchema()).isEqualTo(Schema.STRING_SCHEMA);
            assertThat(first.kafkaPartition()).isNull();
            assertThat(first.sourcePartition()).isEqualTo(Map.of("filename", file.toString()));
            assertThat(first.sourceOffset()).isEqualTo(Map.of("position", 4L));
            assertThat(records.get(1).sourceOffset()).isEqualTo(Map.of("position", 8L));
        }
    }

    @Test
    void lastLineWaitsForItsEnd() throws Exception {
        append("one\ntw");
        try (var source = start()) {
            assertThat(values(source.poll())).containsExactly("one");
            assertThat(source.poll()).isEmpty();
            append("o\n");
            assertThat(values(source.poll(1, SOON))).containsExactly("two");
        }
    }

    @Test
    void linesMayEndAsOnEverySystem() throws Exception {
        append("unix\nwindows\r\nmac\r\n\r\nend\n");
        try (var source = start()) {
            assertThat(values(source.poll())).containsExactly("unix", "windows", "mac", "", "end");
        }
    }

    @Test
    void carriageReturnAtTheEndWaitsForWhatFollows() throws Exception {
        append("one\r");
        try (var source = start()) {
            assertThat(source.poll()).isEmpty();
            append("\ntwo\n");
            assertThat(values(source.poll(2, SOON))).containsExactly("one", "two");
        }
    }

    @Test
    void fileThatIsNotThereYetIsWaitedFor() throws Exception {
        try (var source = start()) {
            assertThat(source.poll()).isEmpty();
            append("late\n");
            assertThat(values(source.poll(1, SOON))).containsExactly("late");
        }
    }

    @Test
    void restartGoesOnAtTheCommittedByteAlsoAfterWideCharacters() throws Exception {
        append("água €\nlevada\n");
        config.put("batch.size", "1");
        try (var source = start()) {
            assertThat(values(source.poll())).containsExactly("água €");
            source.commit();
            source.restart();
            assertThat(values(source.poll())).containsExactly("levada");
        }
    }

    @Test
    void batchSizeBoundsAPoll() throws Exception {
        append("1\n2\n3\n");
        config.put("batch.size", "2");
        try (var source = start()) {
            assertThat(values(source.poll())).containsExactly("1", "2");
            assertThat(values(source.poll())).containsExactly("3");
        }
    }

    @Test
    void fileCutShortIsReadFromItsStart() throws Exception {
        append("one\ntwo\n");
        try (var source = start()) {
            source.poll();
            Files.writeString(file, "new\n");
            assertThat(values(source.poll(1, SOON))).containsExactly("new");
        }
    }

    @Test
    void fileCutShortWhileStoppedIsReadFromItsStart() throws Exception {
        append("new\n");
        offsets.put(Map.of("filename", file.toString()), Map.of("position", 1000L));
        try (var source = start()) {
            assertThat(values(source.poll(1, SOON))).containsExactly("new");
        }
    }

    @Test
    void replacedFileIsReadToItsEndBeforeTheNewOne() throws Exception {
        append("old\n");
        try (var source = start()) {
            source.poll();
            append("last\nunfinished");
            Files.move(file, file.resolveSibling("in.txt.1"));
            append("first\n");
            List<SourceRecord> records = source.poll(3, SOON);
            assertThat(values(records)).containsExactly("last", "unfinished", "first");
            assertThat(records.get(2).sourceOffset()).isEqualTo(Map.of("position", 6L));
        }
    }

    @Test
    void lineAcrossManyReadsComesWhole() throws Exception {
        String wide = "x".repeat(100_000);
        append(wide + "\n" + wide + "\n");
        try (var source = start()) {
            assertThat(values(source.poll(2, SOON))).containsExactly(wide, wide);
        }
    }

    @Test
    void lineLongerThanTheLimitFailsTheTaskAndSaysWhere() throws Exception {
        append("ok\n");
        config.put("line.max.bytes", "1000");
        try (var source = start()) {
            source.poll();
            append("x".repeat(50_000));
            assertThatThrownBy(() -> source.poll(1, SOON))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("byte 3")
                    .hasMessageContaining("line.max.bytes=1000");
        }
    }

    @Test
    void otherCharactersAreReadAsNamed() throws Exception {
        Files.write(file, "água\n".getBytes(StandardCharsets.ISO_8859_1));
        config.put("file.charset", "ISO-8859-1");
        try (var source = start()) {
            assertThat(values(source.poll())).containsExactly("água");
        }
    }

    private SourceHarness start() {
        return SourceHarness.start(new FileStreamSourceConnector(), config, offsets);
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static List<Object> values(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::value).toList();
    }
}
