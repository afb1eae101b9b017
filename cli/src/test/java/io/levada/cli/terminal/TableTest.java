/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndColourTakesNoRoom() {
        Table table = new Table("NAME", "STATE");
        table.row("orders-from-the-shop", State.coloured("FAILED"));
        table.row("x", State.coloured("RUNNING"));
        StringWriter out = new StringWriter();
        table.print(new PrintWriter(out));
        assertThat(out.toString().lines().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")))
                .containsExactly(
                        "NAME                  STATE", "orders-from-the-shop  FAILED", "x                     RUNNING");
    }

    @Test
    void theWorstStateIsTheOneThatCounts() {
        assertThat(State.worse("RUNNING", "FAILED")).isEqualTo("FAILED");
        assertThat(State.worse("PAUSED", "RUNNING")).isEqualTo("PAUSED");
        assertThat(State.worse("UNHEARD_OF", "RUNNING")).isEqualTo("UNHEARD_OF");
    }
}
