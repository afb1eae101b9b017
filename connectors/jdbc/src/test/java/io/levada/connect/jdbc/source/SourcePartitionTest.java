/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.TableId;
import org.junit.jupiter.api.Test;

/**
 * Apache's worker finds an offset by the bytes of its key, fields in the order in which the map has them. Maps of {@code Map.of} have
 * another order in each process: the offset would be lost by a restart.
 */
class SourcePartitionTest {

    private static final TableId ORDERS = new TableId("shop", "public", "orders");

    @Test
    void fieldsOfTablesAreInTheOrderOfConfluents() {
        assertThat(SourcePartition.ofTable(ORDERS)).hasToString("{protocol=1, table=public.orders}");
        assertThat(SourcePartition.candidates(ORDERS).toString())
                .isEqualTo(
                        "[{protocol=1, table=public.orders}, {protocol=1, table=shop.public.orders}, {table=orders}]");
    }

    @Test
    void fieldsOfOurOwnAreInOneOrder() {
        assertThat(SourcePartition.ofRange(ORDERS, 3)).hasToString("{protocol=1, range=3, table=public.orders}");
        assertThat(SourcePartition.ofKeys(SourcePartition.ofTable(ORDERS), 7))
                .hasToString("{keys=7, protocol=1, table=public.orders}");
        assertThat(SourcePartition.ofKeys(SourcePartition.ofQuery(), 0)).hasToString("{keys=0, query=query}");
    }
}
