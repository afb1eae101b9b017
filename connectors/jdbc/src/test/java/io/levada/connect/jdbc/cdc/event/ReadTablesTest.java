/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void refusesWhatIsNoneOfIts() {
        assertThatThrownBy(() -> ReadTables.of("public.a%"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("PATCH");
    }
}
