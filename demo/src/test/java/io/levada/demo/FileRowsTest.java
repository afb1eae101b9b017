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

final class FileRowsTest {

    @TempDir
    private Path folder;

    private Path file;
    private FileRows rows;

    @BeforeEach
    void follow() {
        file = folder.resolve("orders.jsonl");
        rows = new FileRows(file);
    }

    @AfterEach
    void close() throws IOException {
        rows.close();
    }

    @Test
    void aLineCountsWhenItsNewlineIsThereAndATornOneNever() throws IOException {
        assertThat(total()).isZero();

        append("{\"id\": 1}\n{\"id\": 2");
        assertThat(total()).isEqualTo(1);

        append("}\n{\"id\": \n{\"id\": 3}\n");
        assertThat(total()).isEqualTo(3);
        assertThat(rows.rows().missing(ArrivedRowsTest.rows(1, 2, 3)).isEmpty()).isTrue();
    }

    @Test
    void aLineThatEndsInHalfACharacterIsReadWhenTheOtherHalfIsThere() throws IOException {
        byte[] line = "{\"id\": 1, \"customer\": \"graça\"}\n".getBytes(StandardCharsets.UTF_8);
        int half = new String(line, StandardCharsets.ISO_8859_1).indexOf('Ã') + 1;

        append(Arrays.copyOfRange(line, 0, half));
        assertThat(total()).isZero();

        append(Arrays.copyOfRange(line, half, line.length));
        assertThat(total()).isEqualTo(1);
    }

    private long total() throws IOException {
        rows.look();
        return rows.rows().total();
    }

    private void append(String text) throws IOException {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    private void append(byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
