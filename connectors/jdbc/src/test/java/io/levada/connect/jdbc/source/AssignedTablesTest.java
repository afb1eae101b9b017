/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AssignedTablesTest {

    @Test
    void hostileNamesComeBackAsTheyWere() {
        List<TableId> tables = List.of(
                new TableId("shop", "public", "orders"),
                new TableId(null, null, "a,b"),
                new TableId(null, "s.t", "x\"y,\"\"z"));

        assertThat(AssignedTables.read(AssignedTables.split(tables, 1).get(0))).isEqualTo(tables);
    }

    @ParameterizedTest
    @CsvSource({"0,3,0", "1,3,1", "3,3,3", "10,3,3", "10,1,1"})
    void everyTableGoesToOneTaskAndNoTaskIsEmpty(int tables, int maxTasks, int tasks) {
        List<TableId> all = IntStream.range(0, tables)
                .mapToObj(i -> new TableId(null, "s", "t" + i))
                .toList();

        List<String> split = AssignedTables.split(all, maxTasks);

        assertThat(split).hasSize(tasks);
        List<TableId> back = new ArrayList<>();
        split.forEach(each -> back.addAll(AssignedTables.read(each)));
        assertThat(back).containsExactlyInAnyOrderElementsOf(all);
    }
}
