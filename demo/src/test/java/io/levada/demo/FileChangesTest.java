/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileChangesTest {

    @TempDir
    private Path folder;

    private Path file;
    private FileChanges changes;

    @BeforeEach
    void follow() {
        file = folder.resolve("orders.jsonl");
        changes = new FileChanges(file);
    }

    @AfterEach
    void close() throws IOException {
        changes.close();
    }

    @Test
    void aLineCountsWhenItsNewlineIsThereAndATornOneNever() throws IOException {
        assertThat(total()).isZero();

        append("{\"op\":\"c\",\"after\":{\"change\":1}}\n{\"op\":\"u\",\"after\":{\"change\":2");
        assertThat(total()).isEqualTo(1);

        append("}}\n{\"op\": \n{\"op\":\"d\",\"before\":{\"id\":3}}\n");
        assertThat(total()).isEqualTo(3);
        assertThat(changes.changes().missing(ArrivedChangesTest.written(1, 2)).isEmpty())
                .isTrue();
    }

    @Test
    void aLineThatEndsInHalfACharacterIsReadWhenTheOtherHalfIsThere() throws IOException {
        byte[] line =
                "{\"op\":\"c\",\"after\":{\"change\":1,\"customer\":\"graça\"}}\n".getBytes(StandardCharsets.UTF_8);
        int half = new String(line, StandardCharsets.ISO_8859_1).indexOf('Ã') + 1;

        append(Arrays.copyOfRange(line, 0, half));
        assertThat(total()).isZero();

        append(Arrays.copyOfRange(line, half, line.length));
        assertThat(total()).isEqualTo(1);
    }

    private long total() throws IOException {
        changes.look();
        return changes.changes().total();
    }

    private void append(String text) throws IOException {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    private void append(byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
