/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.jdbc.TestDatabase.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are different texts and the same to the database: their changes keep their order. */
final class SinkKeysTest {

    private final List<SinkRecord> records = new ArrayList<>();

    private void record(String table, String key, @Nullable String item) {
        Object value = item == null ? null : Map.of("item", item);
        records.add(new SinkRecord(table, 0, Schema.STRING_SCHEMA, key, null, value, records.size()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTGRESQL | VARCHAR(60) COLLATE ignoring | a    | A",
                "POSTGRESQL | VARCHAR(60) COLLATE ignoring | é    | E",
                "POSTGRESQL | uuid         | 4c3a6d0e-59a5-4c7b-9d0c-0a1b2c3d4e5f | 4C3A6D0E59A54C7B9D0C0A1B2C3D4E5F",
                "MARIADB    | VARCHAR(60)  | a    | A",
                "MARIADB    | VARCHAR(60)  | stra | stra ",
                "H2         | VARCHAR_IGNORECASE(60) | a | A",
                "SQLITE     | VARCHAR(60) COLLATE NOCASE | a | A",
            })
    void changesKeepTheirOrder(Kind kind, String type, String key, String alike) throws Exception {
        String other = alike.equals("stra") ? "stra " : alike;
        TestDatabase database = kind.database();
        if (kind == Kind.POSTGRESQL) {
            database.execute("CREATE COLLATION IF NOT EXISTS ignoring"
                    + " (provider = icu, locale = 'und-u-ks-level1', deterministic = false)");
        }
        String table = database.newTable();
        database.execute("CREATE TABLE " + database.sql(table) + " (" + database.sql("k") + " " + type
                + " NOT NULL PRIMARY KEY, " + database.sql("item") + " VARCHAR(20))");
        record(table, key, "v1");
        record(table, other, "v2");
        record(table, key, "v3");
        record(table, "b" + key.substring(1), "w1");
        record(table, "B" + other.substring(1), null);

        Map<String, String> config = database.config(
                "topics", table,
                "insert.mode", "upsert",
                "pk.mode", "record_key",
                "pk.fields", "k",
                "delete.enabled", "true");
        try (SinkHarness sink = SinkHarness.start(new JdbcSinkConnector(), config, new TopicPartition(table, 0))) {
            sink.put(records.toArray(SinkRecord[]::new));
            assertThat(sink.requests().errant()).isEmpty();
        }
        assertThat(database.rows("SELECT " + database.sql("item") + " FROM " + database.sql(table)))
                .containsExactly("v3");
    }
}
