/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

final class ReadTablesTest {

    @Test
    void keepsNamesOfEverySort() {
        ReadTables tables = ReadTables.NONE;
        String[] names = {"public.orders", "public.a,b", "odd.x@1", "odd.\n", "ä.€", "p. q", "p.%41"};
        for (String name : names) {
            tables = tables.with(name);
        }
        ReadTables read = ReadTables.of(tables.toString());
        assertThat(read).isEqualTo(tables).hasSameHashCodeAs(tables);
        for (String name : names) {
            assertThat(read.has(name)).as(name).isTrue();
        }
        assertThat(read.has("public.other")).isFalse();
        assertThat(ReadTables.of("")).isEqualTo(ReadTables.NONE);
    }

    /** Another table may have taken the name. */
    @Test
    void tellsTablesOfOneNameApart() {
        ReadTables tables = ReadTables.of("public.a@16400,public.b@7,public.c,public.gone@9");
        assertThat(tables.withOids()).isEqualTo("public.a@16400,public.b@7,public.c,public.gone@9");
        assertThat(tables).as("as older versions know it").hasToString("public.a,public.b,public.c,public.gone");
        assertThat(tables.has("public.a")).isTrue();
        assertThat(tables.among(Map.of("public.a", 16400L, "public.b", 8L, "public.c", 3_000_000_000L))
                        .withOids())
                .isEqualTo("public.a@16400,public.c@3000000000");
    }

    /** Thousands of records may be on their way, each with one table more than the last. */
    @Test
    void costsOneMoreEachTimeNotAllOfThem() {
        List<ReadTables> onTheirWay = new ArrayList<>();
        ReadTables tables = ReadTables.NONE;
        for (int i = 0; i < 20_000; i++) {
            tables = tables.with("public.some_table_of_many_" + i, i + 1);
            onTheirWay.add(tables);
        }
        assertThat(onTheirWay.get(9_999).has("public.some_table_of_many_9999")).isTrue();
        assertThat(onTheirWay.get(9_999).has("public.some_table_of_many_10000")).isFalse();
        assertThat(tables.has("public.some_table_of_many_0")).isTrue();
        assertThat(tables.toString().split(",")).hasSize(20_000);
    }

    @Test
    void refusesWhatIsNoneOfIts() {
        assertThatThrownBy(() -> ReadTables.of("public.a%"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("PATCH");
    }
}
