/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import io.levada.connect.converters.JsonConverter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A configuration of Confluent's connector goes on here where that one stopped. The offsets are, byte for byte, what Aiven's fork of it
 * (commit eef3e685) wrote when it read the tables below to their second row, and what its old format without schema is; the fork itself is
 * not in Maven Central.
 */
final class TakeOverTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final MemoryOffsets offsets = new MemoryOffsets();
    private Postgres postgres;

    @BeforeEach
    void createTables() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute("CREATE SCHEMA north");
        for (String table : List.of("orders", "north.\"Odd Lines\"")) {
            postgres.execute(
                    "CREATE TABLE " + table + " (id serial PRIMARY KEY, item text, updated timestamp NOT NULL)",
                    "INSERT INTO " + table
                            + " (item, updated) SELECT 'item ' || g, timestamp '2024-01-01 10:00:00.123456'"
                            + " + g * interval '1.000001 s' FROM generate_series(1, 3) g");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            incrementing           | orders          | {"protocol":"1","table":"public.orders"}   | {"incrementing":2}
            incrementing           | north.Odd Lines | {"protocol":"1","table":"north.Odd Lines"} | {"incrementing":2}
            incrementing           | query           | {"query":"query"}                          | {"incrementing":2}
            incrementing           | orders          | {"table":"orders"}                         | {"incrementing":2}
            timestamp              | orders          | {"protocol":"1","table":"public.orders"}   | {"timestamp_nanos":123458000,"timestamp":1704103202123}
            timestamp              | query           | {"query":"query"}                          | {"timestamp_nanos":123458000,"timestamp":1704103202123}
            timestamp+incrementing | orders          | {"protocol":"1","table":"public.orders"}   | {"timestamp_nanos":123458000,"incrementing":2,"timestamp":1704103202123}
            timestamp+incrementing | north.Odd Lines | {"protocol":"1","table":"north.Odd Lines"} | {"timestamp_nanos":123458000,"incrementing":2,"timestamp":1704103202123}
            timestamp+incrementing | query           | {"query":"query"}                          | {"timestamp_nanos":123458000,"incrementing":2,"timestamp":1704103202123}
            timestamp+incrementing | orders          | {"table":"orders"}                         | {"incrementing":2,"timestamp":1704103202123,"timestamp_nanos":123458000}
            """)
    void noRowIsLostAndNoneComesTwice(String mode, String table, String partition, String offset) throws Exception {
        offsets.put(stored(partition), stored(offset));
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config(mode, table), offsets)) {
            List<SourceRecord> last = source.poll(1, PATIENCE);
            assertThat(items(last)).containsExactly("item 3");
            assertThat(last.get(0).topic())
                    .isEqualTo(table.equals("query") ? "t." : "t." + table.substring(table.indexOf('.') + 1));
            source.commit();
            postgres.execute("INSERT INTO " + (table.startsWith("north") ? "north.\"Odd Lines\"" : "orders")
                    + " (item, updated) VALUES ('item 4', '2024-01-01 10:00:05')");
            assertThat(items(source.poll(1, PATIENCE))).containsExactly("item 4");
            source.commit();
        }
        Map<String, Object> now = offsets.all().entrySet().stream()
                .filter(each -> each.getKey().equals(exact(partition)))
                .findFirst()
                .orElseThrow()
                .getValue();
        assertThat(now)
                .as("in the form that it reads, too")
                .isEqualTo(
                        Map.of("incrementing", 4L, "timestamp", 1704103205000L, "timestamp_nanos", 0L)
                                .entrySet()
                                .stream()
                                .filter(each -> stored(offset).containsKey(each.getKey()))
                                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Of a name without schema, which may mean several tables, there is a better one. */
    private static Map<String, Object> exact(String partition) {
        return stored(
                partition.equals("{\"table\":\"orders\"}")
                        ? "{\"protocol\":\"1\",\"table\":\"public.orders\"}"
                        : partition);
    }

    private Map<String, String> config(String mode, String table) {
        Map<String, String> config = new HashMap<>(postgres.config(
                "connector.class", "io.confluent.connect.jdbc.JdbcSourceConnector",
                "mode", mode,
                "topic.prefix", "t.",
                "poll.interval.ms", "20"));
        if (mode.contains("incrementing")) {
            config.put("incrementing.column.name", "id");
        }
        if (mode.contains("timestamp")) {
            config.put("timestamp.column.name", "updated");
        }
        config.put(
                table.equals("query") ? "query" : "table.whitelist",
                table.equals("query") ? "SELECT * FROM orders" : table);
        return config;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> stored(String json) {
        try (JsonConverter converter = new JsonConverter()) {
            converter.configure(Map.of("schemas.enable", "false"), false);
            return (Map<String, Object>) converter
                    .toConnectData("offsets", json.getBytes(StandardCharsets.UTF_8))
                    .value();
        }
    }

    private static List<String> items(List<SourceRecord> records) {
        return records.stream()
                .map(each -> ((Struct) each.value()).getString("item"))
                .toList();
    }
}
