/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several tables in one task, which has one connection. */
final class SourceTablesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Postgres postgres;

    @BeforeEach
    void createTables() throws SQLException {
        postgres = Postgres.newDatabase();
        for (String table : new String[] {"dunes", "moors"}) {
            postgres.execute(
                    "CREATE TABLE " + table + " (id serial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())",
                    "INSERT INTO " + table + " SELECT FROM generate_series(1, 1500)");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bulk", "incrementing", "timestamp", "timestamp+incrementing"})
    void tablesThatAreLargerThanABatchAreAllRead(String mode) throws Exception {
        Map<String, String> config = postgres.config("mode", mode, "topic.prefix", "", "tasks.max", "1");
        if (mode.contains("timestamp")) {
            config.put("timestamp.column.name", "at");
        }
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
            assertThat(source.poll(3000, PATIENCE).stream().collect(groupingBy(SourceRecord::topic, counting())))
                    .isEqualTo(Map.of("dunes", 1500L, "moors", 1500L));
        }
    }
}
