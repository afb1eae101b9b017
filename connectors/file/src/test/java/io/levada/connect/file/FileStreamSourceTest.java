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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
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
            assertThat(position(first)).isEqualTo(4L);
            assertThat(position(records.get(1))).isEqualTo(8L);
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
        config.put("file.rotation.wait.ms", "0");
        try (var source = start()) {
            source.poll();
            append("last\nunfinished");
            rotateTo("in.txt.1");
            append("first\n");
            List<SourceRecord> records = source.poll(3, SOON);
            assertThat(values(records)).containsExactly("last", "unfinished", "first");
            assertThat(position(records.get(2))).isEqualTo(6L);
        }
    }

    /** The writer has the old file open until it is told of the rotation. */
    @Test
    void whatIsWrittenToAFileThatWasRenamedAwayIsReadWholeAndFirst() throws Exception {
        config.put("file.rotation.wait.ms", "3600000");
        append("one\n");
        try (var source = start()) {
            source.poll();
            Path renamed = rotateTo("in.txt.1");
            append("new\n");
            Files.writeString(renamed, "tw", StandardOpenOption.APPEND);
            assertThat(source.poll()).isEmpty();
            Files.writeString(renamed, "o\nthree\n", StandardOpenOption.APPEND);
            assertThat(values(source.poll(2, SOON))).containsExactly("two", "three");
            source.commit();
        }
        config.put("file.rotation.wait.ms", "0");
        try (var source = start()) {
            assertThat(values(source.poll(1, SOON))).containsExactly("new");
        }
    }

    @Test
    void filesThatWereRotatedAwayWhileNobodyReadAreReadInTheirOrder() throws Exception {
        config.put("file.rotation.wait.ms", "0");
        append("one\ntwo\n");
        config.put("batch.size", "1");
        try (var source = start()) {
            assertThat(values(source.poll())).containsExactly("one");
            source.commit();
        }
        written(rotateTo("in.txt.2"), 1000);
        append("three\n");
        written(rotateTo("in.txt.1"), 2000);
        append("four\n");
        Files.writeString(file.resolveSibling("in.txt.0.gz"), "packed\n");
        Files.writeString(file.resolveSibling("other.txt"), "other\n");
        Files.writeString(file.resolveSibling("in.txt.audit"), "of another writer\n");
        Files.writeString(file.resolveSibling("in.txt-ng.log"), "of another writer\n");
        try (var source = start()) {
            List<SourceRecord> records = source.poll(3, SOON);
            assertThat(values(records)).containsExactly("two", "three", "four");
            source.commit();
            source.restart();
            append("five\n");
            assertThat(values(source.poll(1, SOON))).containsExactly("five");
        }
    }

    /** logrotate's compress takes the file away while it is still being read. */
    @Test
    void fileThatWasRotatedAfterOneThatIsGoneIsRead() throws Exception {
        config.put("file.rotation.wait.ms", "0");
        append("one\n");
        written(file, 1000);
        try (var source = start()) {
            source.poll();
            assertThat(source.poll()).as("that looks at the file's time").isEmpty();
            Files.delete(rotateTo("in.txt.2"));
            append("two\n");
            written(rotateTo("in.txt.1"), 2000);
            append("three\n");
            assertThat(values(source.poll(2, SOON))).containsExactly("two", "three");
        }
    }

    @Test
    void fileThatTookTheNameOfOneThatIsGoneIsReadFromItsStart() throws Exception {
        append("a line of the old file\n");
        try (var source = start()) {
            source.poll();
            source.commit();
        }
        Files.delete(file);
        append("this is the new one, and longer than the old one\n");
        try (var source = start()) {
            assertThat(values(source.poll(1, SOON)))
                    .containsExactly("this is the new one, and longer than the old one");
        }
    }

    @Test
    void fileThatWasCutAndGrewBeyondTheOldPositionIsReadFromItsStart() throws Exception {
        append("old\n");
        try (var source = start()) {
            source.poll();
            assertThat(source.poll()).isEmpty();
            Files.writeString(file, "anew and longer\n");
            assertThat(values(source.poll(1, SOON))).containsExactly("anew and longer");
        }
    }

    @Test
    void offsetOfApachesOrOfAUserIsOfWhicheverFileHasTheName() throws Exception {
        append("one\ntwo\n");
        offsets.put(Map.of("filename", file.toString()), Map.of("position", 4L));
        try (var source = start()) {
            assertThat(values(source.poll(1, SOON))).containsExactly("two");
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

    private Path rotateTo(String name) throws IOException {
        return Files.move(file, file.resolveSibling(name));
    }

    /** Rotations follow one another in less than a clock's tick here. */
    private static void written(Path file, long millis) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    }

    private static @Nullable Object position(SourceRecord record) {
        return record.sourceOffset().get("position");
    }

    private static List<Object> values(List<SourceRecord> records) {
        return records.stream().map(SourceRecord::value).toList();
    }
}
