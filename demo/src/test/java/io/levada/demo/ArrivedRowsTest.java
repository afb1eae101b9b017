/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArrivedRowsTest {

    @TempDir
    private Path folder;

    @Test
    void namesTheRowsThatAreMissingAndCountsThoseThatAreThereTwice() throws IOException {
        ArrivedRows arrived = new ArrivedRows();
        arrived.add("{\"id\": 1}");
        arrived.add("{\"id\": 3}");
        arrived.add("{\"id\": 3}");

        assertThat(arrived.missing(rows(1, 2, 3, 4))).isEqualTo(rows(2, 4));
        assertThat(arrived.repeated()).isEqualTo(1);
        assertThat(arrived.total()).isEqualTo(3);
    }

    @Test
    void refusesARowWithoutAnId() {
        ArrivedRows arrived = new ArrivedRows();

        assertThatThrownBy(() -> arrived.add("{\"customer\": \"eva\"}"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("without an id");
    }

    @Test
    void aLineCountsWhenItsNewlineIsThereAndATornOneNever() throws IOException {
        Path file = folder.resolve("orders.jsonl");
        try (FileRows rows = new FileRows(file)) {
            assertThat(rows.read().total()).isZero();

            Files.writeString(file, "{\"id\": 1}\n{\"id\": 2");
            assertThat(rows.read().total()).isEqualTo(1);

            Files.writeString(file, "}\n{\"id\": \n{\"id\": 3}\n", StandardOpenOption.APPEND);
            assertThat(rows.read().total()).isEqualTo(3);
            assertThat(rows.read().missing(rows(1, 2, 3))).isEqualTo(new BitSet());
        }
    }

    private static BitSet rows(int... ids) {
        BitSet rows = new BitSet();
        for (int id : ids) {
            rows.set(id);
        }
        return rows;
    }
}
