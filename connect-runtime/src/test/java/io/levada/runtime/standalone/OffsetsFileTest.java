/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.logging.LoggedLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetsFileTest {
    @TempDir
    Path dir;

    @Test
    void whatIsWrittenIsThereAfterARestart() throws IOException {
        try (OffsetsFile file = OffsetsFile.open(path())) {
            assertThat(file.entries()).isEmpty();
            file.write(changes("a", "1", "b", "2"));
            file.write(changes("b", "3", "c", "4"));
            Map<Bytes, byte @Nullable []> without = new LinkedHashMap<>();
            without.put(bytes("a"), null);
            file.write(without);
        }
        assertThat(read()).isEqualTo(Map.of("b", "3", "c", "4"));
        assertThat(dir).isDirectoryNotContaining("glob:**~");
    }

    /** As Kafka Connect writes it: by its own serialization, without a frame. */
    @Test
    @SuppressWarnings("ArrayAsKeyOfSetOrMap") // The format is such a map.
    void theFormatIsKafkaConnects() throws Exception {
        HashMap<byte[], byte[]> raw = new HashMap<>();
        raw.put("k".getBytes(UTF_8), "v".getBytes(UTF_8));
        raw.put("deleted".getBytes(UTF_8), null);
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(path()))) {
            out.writeObject(raw);
        }
        assertThat(read()).isEqualTo(Map.of("k", "v"));
        try (OffsetsFile file = OffsetsFile.open(path())) {
            file.write(changes("k2", "v2"));
        }
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(path()))) {
            Object read = in.readObject();
            assertThat(read).isExactlyInstanceOf(HashMap.class);
            Map<String, String> texts = new TreeMap<>();
            ((Map<?, ?>) read).forEach((key, value) -> texts.put(text((byte[]) key), text((byte[]) value)));
            assertThat(texts).isEqualTo(Map.of("k", "v", "k2", "v2"));
        }
    }

    @Test
    void theFolderMayBeALinkToOne() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), Files.createDirectory(dir.resolve("folder")));

        try (OffsetsFile file = OffsetsFile.open(link.resolve("connect.offsets"))) {
            file.write(changes("k", "v"));
        }

        assertThat(dir.resolve("folder").resolve("connect.offsets")).isNotEmptyFile();
    }

    @Test
    void anEmptyFileIsOneWithoutOffsets() throws IOException {
        Files.createFile(path());
        assertThat(read()).isEmpty();
    }

    @Test
    void aFileOfWhichAnyPartIsMissingIsDamagedAndStays() throws IOException {
        try (OffsetsFile file = OffsetsFile.open(path())) {
            file.write(changes("key", "value"));
        }
        byte[] whole = Files.readAllBytes(path());
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(path(), cut);
            assertThatThrownBy(this::read)
                    .as("%d bytes", length)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(path().toString())
                    .hasMessageContaining("backup");
            assertThat(path()).hasBinaryContent(cut);
        }
        Files.write(path(), whole);
        assertThat(read()).isEqualTo(Map.of("key", "value"));
    }

    /** Such files come from anywhere: nothing else is made of them, whatever that would do. */
    @Test
    void noOtherObjectIsMadeOfIt() throws IOException {
        Armed.made = false;
        for (Object other : new Object[] {new Armed(), new ArrayList<>(), new Armed[] {new Armed()}}) {
            try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(path()))) {
                out.writeObject(other);
            }
            assertThatThrownBy(this::read).hasMessageContaining("damaged");
        }
        HashMap<Object, Object> hidden = new HashMap<>();
        hidden.put("k".getBytes(UTF_8), new Armed());
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(path()))) {
            out.writeObject(hidden);
        }
        assertThatThrownBy(this::read).hasMessageContaining("damaged");
        assertThat(Armed.made).isFalse();
    }

    /** As somebody makes it who serializes what Kafka Connect's worker has in memory, or edits it by a script. */
    @Test
    void aFileOfTextIsRefusedAndStays() throws IOException {
        Map<Object, Object> texts = new HashMap<>(Map.of("[\"orders\",{}]", "{\"at\":7}"));
        Map<Object, Object> half = new HashMap<>(Map.of("key".getBytes(UTF_8), "{\"at\":7}"));
        for (Map<Object, Object> other : List.of(texts, half)) {
            byte[] written = serialized(other);
            Files.write(path(), written);
            assertThatThrownBy(this::read)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(path().toString())
                    .hasMessageContaining("java.lang.String")
                    .hasMessageContaining("move this one away");
            assertThat(path()).hasBinaryContent(written);
        }
    }

    @Test
    void whatAFileDeclaresIsNotAllocatedBeyondItsSize() throws IOException {
        byte[] array = serialized(new HashMap<>(Map.of("k".getBytes(UTF_8), new byte[] {1, 2, 3, 4, 5, 6, 7})));
        int length = lastIndexOf(array, new byte[] {0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7});
        array[length] = 0x7f;
        Files.write(path(), array);
        assertThatThrownBy(this::read).hasMessageContaining("REJECTED").hasMessageContaining("damaged");

        HashMap<Object, Object> deep = new HashMap<>();
        for (int level = 0; level < 100; level++) {
            deep = new HashMap<>(Map.of("k".getBytes(UTF_8), deep));
        }
        Files.write(path(), serialized(deep));
        assertThatThrownBy(this::read).hasMessageContaining("REJECTED");

        Files.write(path(), serialized(new HashMap<>(Map.of("k".getBytes(UTF_8), new byte[0][0]))));
        assertThatThrownBy(this::read).hasMessageContaining("REJECTED");
    }

    @Test
    void theStartSaysWhetherTheFileIsThere() throws IOException {
        try (LoggedLines log = LoggedLines.of(OffsetsFile.class)) {
            Path mistyped = dir.resolve("typo").resolve("connect.offsets");
            try (OffsetsFile file = OffsetsFile.open(mistyped)) {
                file.write(changes("k", "1"));
            }
            OffsetsFile.open(mistyped).close();

            assertThat(log.texts()).hasSize(2);
            assertThat(log.texts().get(0)).contains(mistyped.toString(), "does not exist yet", "its folder did not");
            assertThat(log.texts().get(1)).contains(mistyped.toString(), "is read", "1");
        }
    }

    private static byte[] serialized(Map<Object, Object> map) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(map);
        }
        return bytes.toByteArray();
    }

    private static int lastIndexOf(byte[] all, byte[] part) {
        for (int at = all.length - part.length; at >= 0; at--) {
            if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("it is not there");
    }

    @Test
    void aSecondWorkerIsKeptOut() throws IOException {
        try (OffsetsFile file = OffsetsFile.open(path())) {
            assertThat(file.entries()).isEmpty();
            assertThatThrownBy(this::read).hasMessageContaining("Another worker");
        }
        assertThat(read()).isEmpty();
    }

    @Test
    void whatCannotBeWrittenLeavesWhatWas() throws IOException {
        try (OffsetsFile file = OffsetsFile.open(path())) {
            file.write(changes("k", "1"));
            Path inTheWay = Files.createDirectories(path().resolveSibling(path().getFileName() + "~"));
            assertThatThrownBy(() -> file.write(changes("k", "2"))).isInstanceOf(IOException.class);
            assertThat(file.entries().get(bytes("k"))).isEqualTo("1".getBytes(UTF_8));
            Files.delete(inTheWay);
            file.write(changes("l", "3"));
        }
        assertThat(read()).isEqualTo(Map.of("k", "1", "l", "3"));
    }

    private static final class Armed implements java.io.Serializable {
        private static final long serialVersionUID = 1;
        private static boolean made;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            made = true;
        }
    }

    private Path path() {
        return dir.resolve("connect.offsets");
    }

    private Map<String, String> read() throws IOException {
        try (OffsetsFile file = OffsetsFile.open(path())) {
            Map<String, String> texts = new TreeMap<>();
            file.entries().forEach((key, value) -> texts.put(text(key.get()), text(value)));
            return texts;
        }
    }

    private static Map<Bytes, byte @Nullable []> changes(String... keysAndValues) {
        Map<Bytes, byte @Nullable []> changes = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changes.put(bytes(keysAndValues[i]), keysAndValues[i + 1].getBytes(UTF_8));
        }
        return changes;
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
