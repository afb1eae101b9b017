/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrdersTableTest {

    @TempDir
    private Path parent;

    @Test
    void theJournalHasEveryChangeAndNoneTakesLongerTheMoreRowsThereAre() throws Exception {
        try (DemoFolder folder = DemoFolder.claim(parent.resolve("demo"));
                DemoPostgres postgres = DemoPostgres.start(folder, DemoConnections.open(folder.connections()))) {
            OrdersTable table = new OrdersTable(postgres.dataSource());
            table.createIfMissing();
            int made = table.change(2_000, new SplittableRandom(1));

            assertThat(made).isBetween(1_500, 2_000);
            assertThat(table.count()).isEqualTo(made);
            assertThat(table.changes().cardinality()).isEqualTo(made);
            try (Connection connection = postgres.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("ANALYZE orders");
                assertThat(plan(statement, OrdersTable.DELETE.replace("?", "0.5::float8")))
                        .contains("Index Cond: (id >= ")
                        .doesNotContain("Filter", "Seq Scan");
            }
        }
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = statement.executeQuery("EXPLAIN " + sql)) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
