/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArrivedRowsTest {

    private final ArrivedRows arrived = new ArrivedRows();

    @Test
    void namesTheRowsThatAreMissingAndCountsThoseThatAreThereTwice() {
        add("{\"id\": 1}");
        add("{\"id\": 3}");
        add("{\"id\": 3}");

        assertThat(arrived.missing(rows(1, 2, 3, 4))).isEqualTo(rows(2, 4));
        assertThat(arrived.repeated()).isEqualTo(1);
        assertThat(arrived.total()).isEqualTo(3);
        assertThat(arrived.strange()).isZero();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "{\"id\": ",
                "{\"customer\": \"eva\"}",
                "{\"id\": -1}",
                "{\"id\": 2000000000}",
                "[1]",
                "null",
                "hello"
            })
    void whatIsNoRowIsCountedApartAndEndsNothing(String content) {
        arrived.add(content == null ? null : content.getBytes(StandardCharsets.UTF_8));

        assertThat(arrived.strange()).isEqualTo(1);
        assertThat(arrived.total()).isZero();
    }

    private void add(String json) {
        arrived.add(json.getBytes(StandardCharsets.UTF_8));
    }

    static BitSet rows(int... ids) {
        BitSet rows = new BitSet();
        for (int id : ids) {
            rows.set(id);
        }
        return rows;
    }
}
