/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A big table is read by several tasks, each a range of its key: every row once, whatever the keys, and whoever is restarted. */
final class SourceRangesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROWS = 600;
    private static final Map<String, String> OWN = Map.of("protocol", "1", "table", "public.dunes");

    private final MemoryOffsets offsets = new MemoryOffsets();
    private final JdbcSourceConnector connector = new JdbcSourceConnector();
    private Postgres postgres;

    @BeforeEach
    void newDatabase() throws SQLException {
        postgres = Postgres.newDatabase();
    }

    private Map<String, String> config(String mode, String... more) {
        Map<String, String> config = postgres.config(more);
        config.put("mode", mode);
        config.putIfAbsent("tasks.max", "4");
        config.putIfAbsent("table.whitelist", "dunes");
        config.put("topic.prefix", "");
        config.putIfAbsent("poll.interval.ms", "3600000");
        config.putIfAbsent("table.ranges.rows.min", "100");
        if (mode.contains("timestamp")) {
            config.put("timestamp.column.name", "at");
        }
        if (mode.contains("incrementing")) {
            config.put("incrementing.column.name", "id");
        }
        return config;
    }

    private SourceHarness start(String mode, String... more) {
        return SourceHarness.start(connector, config(mode, more), offsets);
    }

    private int tasks() {
        return connector.taskConfigs(6).size();
    }

    private static List<Object> ids(List<SourceRecord> records) {
        List<Object> ids = new ArrayList<>();
        records.forEach(record -> ids.add(((Struct) record.value()).get("id")));
        return ids;
    }

    private static List<Object> upTo(int last) {
        return List.copyOf(IntStream.rangeClosed(1, last).boxed().toList());
    }

    /** Numbers from 1, each a millisecond after the one before. */
    private void dunes() throws SQLException {
        postgres.execute(
                "CREATE TABLE dunes (id int PRIMARY KEY, at timestamp NOT NULL, note text)",
                "INSERT INTO dunes SELECT n, timestamp '2024-01-01' + n * interval '1 ms', 'old' FROM generate_series(1, "
                        + ROWS + ") n",
                "ANALYZE dunes");
    }

    /** Some are alike in the key's first column, and all are in the server's own order. */
    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("int", "(random() * 4e9 - 2e9)::int"),
            Map.entry("bigint", "(exp(random() * 40) * sign(random() - 0.5))::bigint + n"),
            Map.entry("numeric", "(random() * 100)::numeric + n"),
            Map.entry("uuid", "gen_random_uuid()"),
            Map.entry("text", "chr(33 + (random() * 90)::int) || md5(random()::text)"),
            Map.entry("text COLLATE \"C\"", "chr(33 + (random() * 90)::int) || md5(random()::text)"),
            Map.entry("varchar(40)", "repeat('Ä', n % 3) || ' ' || n || ',;${env:X}'"),
            Map.entry("timestamptz", "timestamptz '2024-01-01' + random() * interval '1 year'"),
            Map.entry("date", "date '2024-01-01' + n % 7"),
            Map.entry("bytea", "decode(md5(random()::text), 'hex')"),
            Map.entry("boolean", "n % 2 = 0"));

    @Test
    void everyPollInBulkReadsEachRowOnceWhateverItsKey() throws Exception {
        List<String> tables = new ArrayList<>();
        for (Map.Entry<String, String> each : KEYS.entrySet()) {
            String table = "dunes" + tables.size();
            tables.add(table);
            postgres.execute(
                    "CREATE TABLE " + table + " (part " + each.getKey() + ", id int, PRIMARY KEY (part, id))",
                    "INSERT INTO " + table + " SELECT " + each.getValue() + ", n FROM generate_series(1, " + ROWS
                            + ") n",
                    "ANALYZE " + table);
        }
        int tasksMax = 3 * tables.size();
        try (SourceHarness source =
                start("bulk", "table.whitelist", String.join(",", tables), "tasks.max", String.valueOf(tasksMax))) {
            assertThat(connector.taskConfigs(tasksMax))
                    .as("three for each, but two where there are only two values")
                    .hasSize(tasksMax - 1);
            Map<String, List<SourceRecord>> read =
                    source.poll().stream().collect(Collectors.groupingBy(SourceRecord::topic));
            assertThat(read).containsOnlyKeys(tables);
            read.forEach((table, records) ->
                    assertThat(ids(records)).as(table).containsExactlyInAnyOrderElementsOf(upTo(ROWS)));
        }
    }

    @Test
    void rowsThatComeAndGoBetweenPollsAreReadAsTheyAre() throws Exception {
        dunes();
        try (SourceHarness source = start("bulk", "poll.interval.ms", "1")) {
            assertThat(ids(source.poll())).containsExactlyInAnyOrderElementsOf(upTo(ROWS));
            postgres.execute(
                    "DELETE FROM dunes WHERE id <> 300",
                    "INSERT INTO dunes SELECT n, now() FROM generate_series(-5000, -4990) n",
                    "INSERT INTO dunes SELECT n, now() FROM generate_series(900, 910) n");

            List<Object> expected = new ArrayList<>(List.of(300));
            IntStream.rangeClosed(-5000, -4990).forEach(expected::add);
            IntStream.rangeClosed(900, 910).forEach(expected::add);
            assertThat(ids(source.poll())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void tablesThatNeedTheTasksAndSmallOnesAreReadWhole() throws Exception {
        dunes();
        postgres.execute("CREATE TABLE pebbles AS SELECT n AS id FROM generate_series(1, 3) n", "ANALYZE pebbles");
        try (SourceHarness source = start("bulk", "table.whitelist", "dunes,pebbles", "tasks.max", "2")) {
            assertThat(connector.taskConfigs(2)).noneMatch(task -> task.containsKey("table.ranges"));
            assertThat(source.poll()).hasSize(ROWS + 3);
        }
        try (SourceHarness source = start("bulk", "table.whitelist", "dunes,pebbles")) {
            assertThat(tasks()).as("three for the dunes").isEqualTo(4);
            assertThat(source.poll()).hasSize(ROWS + 3);
        }
        try (SourceHarness source = start("bulk", "table.ranges.rows.min", "0")) {
            assertThat(tasks()).isEqualTo(1);
            assertThat(source.poll()).hasSize(ROWS);
        }
        try (SourceHarness source = start("bulk", "query.suffix", "LIMIT 5")) {
            assertThat(tasks()).isEqualTo(1);
            assertThat(source.poll()).hasSize(5);
        }
    }

    /** As the original does, whose users may count on one reader for each table. */
    @Test
    void underConfluentsNameTablesAreReadWhole() {
        Map<String, String> config = config("bulk");
        config.remove("table.ranges.rows.min");
        assertThat(JdbcSourceConfig.of(config).options().poll().rangesRowsMin()).isEqualTo(1_000_000);

        config.put("connector.class", "io.confluent.connect.jdbc.JdbcSourceConnector");
        assertThat(JdbcSourceConfig.of(config).options().poll().rangesRowsMin()).isZero();
    }

    @Test
    void tableWithoutAKeyAndAViewAreReadWhole() throws Exception {
        dunes();
        postgres.execute("ALTER TABLE dunes DROP CONSTRAINT dunes_pkey", "CREATE VIEW seen AS SELECT * FROM dunes");
        try (SourceHarness source = start("bulk", "table.whitelist", "dunes,seen", "table.types", "TABLE,VIEW")) {
            assertThat(tasks()).isEqualTo(2);
            assertThat(source.poll()).hasSize(2 * ROWS);
        }
    }

    @Test
    void partitionedTableIsReadInRanges() throws Exception {
        postgres.execute(
                "CREATE TABLE dunes (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                "CREATE TABLE dunes_a PARTITION OF dunes FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE dunes_b PARTITION OF dunes FOR VALUES FROM (100) TO (10000)",
                "INSERT INTO dunes SELECT generate_series(1, " + ROWS + ")",
                "ANALYZE dunes");
        try (SourceHarness source = start("bulk", "table.types", "PARTITIONED TABLE")) {
            assertThat(tasks()).isEqualTo(4);
            assertThat(ids(source.poll())).containsExactlyInAnyOrderElementsOf(upTo(ROWS));
        }
    }

    /** Each run takes seconds: the build has one of each, and all modes among them. */
    static Stream<String> modes() {
        List<String> modes = List.of("timestamp+incrementing", "timestamp", "incrementing");
        return modes.stream().limit(Seeds.all().count());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void firstLoadIsReadInRangesAndFollowedByOne(String mode) throws Exception {
        dunes();
        try (SourceHarness source = start(mode, "poll.interval.ms", "20", "tasks.max", "2")) {
            assertThat(tasks()).isEqualTo(2);
            List<SourceRecord> loaded = source.poll();
            assertThat(ids(loaded)).as("all but the last").containsExactlyInAnyOrderElementsOf(upTo(ROWS - 1));
            assertThat(loaded).allMatch(record -> record.sourcePartition().containsKey("range"));
            postgres.execute(
                    "INSERT INTO dunes VALUES (1000, now(), 'new')",
                    "UPDATE dunes SET note = 'never seen' WHERE id = 5");
            assertThat(source.poll()).as("before the ranges are stored").isEmpty();
            source.commit();

            List<SourceRecord> followed = source.poll(2, PATIENCE);
            source.commit();
            assertThat(ids(followed)).containsExactly(ROWS, 1000);
            assertThat(followed).allMatch(record -> record.sourcePartition().equals(OWN));
            assertThat(offsets.all().get(OWN))
                    .containsOnlyKeys(
                            switch (mode) {
                                case "incrementing" -> new String[] {"incrementing"};
                                case "timestamp" -> new String[] {"timestamp", "timestamp_nanos"};
                                default -> new String[] {"timestamp", "timestamp_nanos", "incrementing"};
                            });
            source.restart();
            assertThat(tasks()).as("there is nothing left to share").isEqualTo(1);
            assertThat(source.poll()).isEmpty();
            postgres.execute("INSERT INTO dunes VALUES (1001, now(), 'newer')");
            assertThat(ids(source.poll(1, PATIENCE))).containsExactly(1001);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void tasksThatAreRestartedAndBecomeFewerOrMoreReadEachRowOnce(String mode) throws Exception {
        dunes();
        List<Object> ids = new ArrayList<>();
        try (SourceHarness source = start(mode, "batch.max.rows", "20")) {
            assertThat(tasks()).isEqualTo(4);
            ids.addAll(ids(source.poll()));
            source.commit();
            assertThat(source.poll()).as("killed before these are acknowledged").hasSize(80);
            source.restart();
            ids.addAll(ids(source.poll()));
            source.commit();
        }
        postgres.execute("INSERT INTO dunes SELECT n, now() FROM generate_series(2000, 3000) n", "ANALYZE dunes");
        for (String tasks : List.of("1", "3")) {
            try (SourceHarness source = start(mode, "batch.max.rows", "50", "tasks.max", tasks)) {
                ids.addAll(ids(source.poll()));
                source.commit();
            }
        }
        try (SourceHarness source = start(mode, "poll.interval.ms", "20", "tasks.max", "2")) {
            while (ids.size() < ROWS + 1001) {
                ids.addAll(ids(source.poll(1, PATIENCE)));
                source.commit();
            }
            assertThat(source.poll()).isEmpty();
        }
        List<Object> expected = new ArrayList<>(upTo(ROWS));
        IntStream.rangeClosed(2000, 3000).forEach(expected::add);
        assertThat(ids).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void rangeThatIsReadToItsEndButNotStoredIsWaitedForByWhoFollows() throws Exception {
        dunes();
        try (SourceHarness source = start("incrementing", "poll.interval.ms", "20", "tasks.max", "2")) {
            List<SourceRecord> loaded = source.poll();
            for (SourceRecord record : loaded) {
                if (!"1".equals(record.sourcePartition().get("range"))) {
                    offsets.put(record.sourcePartition(), record.sourceOffset());
                }
            }
            source.restart();
            assertThat(ids(source.poll()))
                    .as("the second range again, and nothing else")
                    .containsExactlyInAnyOrderElementsOf(ids(loaded.stream()
                            .filter(record ->
                                    "1".equals(record.sourcePartition().get("range")))
                            .toList()));
            assertThat(source.poll()).isEmpty();
            source.commit();

            assertThat(ids(source.poll(1, PATIENCE))).containsExactly(ROWS);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void rowsThatAreCommittedLateAreLoaded(String mode) throws Exception {
        dunes();
        postgres.execute("DELETE FROM dunes WHERE id IN (7, 500)");
        try (Connection late = postgres.begin()) {
            Postgres.execute(
                    late,
                    "INSERT INTO dunes VALUES (7, '2024-01-01 00:00:00.007', 'late')",
                    "INSERT INTO dunes VALUES (500, '2024-01-01 00:00:00.5', 'late')");
            try (SourceHarness source = start(mode, "poll.interval.ms", "20", "tasks.max", "2")) {
                assertThat(source.poll()).as("held back").isEmpty();
                late.commit();
                List<Object> ids = new ArrayList<>();
                while (ids.size() < ROWS) {
                    ids.addAll(ids(source.poll(1, PATIENCE)));
                    source.commit();
                }
                assertThat(ids).containsExactlyInAnyOrderElementsOf(upTo(ROWS));
            }
        }
    }

    /** With a number taken long ago, as sequences with a cache give them. */
    @Test
    void rowsThatNothingCouldWaitForAreLoadedToo() throws Exception {
        dunes();
        postgres.execute("DELETE FROM dunes WHERE id > " + (ROWS - 4) + " AND id < " + ROWS);
        try (SourceHarness source = start("incrementing", "poll.interval.ms", "20", "tasks.max", "2");
                Connection open = postgres.begin()) {
            assertThat(ids(source.poll())).containsExactlyInAnyOrderElementsOf(upTo(ROWS - 4));
            Postgres.execute(open, "INSERT INTO dunes VALUES (" + (ROWS - 3) + ", now(), 'later')");
            postgres.execute("INSERT INTO dunes VALUES (" + (ROWS - 2) + ", now(), 'late')");
            source.commit();
            assertThat(source.poll()).as("behind what is not committed").isEmpty();
            open.commit();

            assertThat(ids(source.poll(2, PATIENCE))).containsExactly(ROWS - 3, ROWS - 2);
            source.commit();
            assertThat(ids(source.poll(1, PATIENCE))).containsExactly(ROWS);
        }
    }

    /** Nobody would know that a range is through whose last row is dropped. */
    @Test
    void workerThatForgetsOffsetsOfRecordsThatAreNotSentLoadsByOneTask() throws Exception {
        dunes();
        for (String[] more : List.of(new String[] {"transforms", "drop"}, new String[] {"errors.tolerance", "all"})) {
            try (SourceHarness source = start("incrementing", more)) {
                List<SourceRecord> loaded = source.poll();
                assertThat(ids(loaded)).isEqualTo(upTo(ROWS));
                assertThat(loaded).allMatch(record -> record.sourcePartition().equals(OWN));
            }
        }
    }

    /** A row that changes while it is loaded comes once more, behind what it was. */
    @Test
    void changesWhileATableIsLoadedComeAfterTheRowAsItWas() throws Exception {
        dunes();
        Map<Object, String> last = new HashMap<>();
        try (SourceHarness source =
                start("timestamp", "poll.interval.ms", "20", "batch.max.rows", "150", "tasks.max", "2")) {
            source.poll().forEach(record -> note(last, record));
            postgres.execute("UPDATE dunes SET note = 'changed', at = clock_timestamp() WHERE id % 10 = 0");
            Set<Object> changed = new HashSet<>();
            while (changed.size() < ROWS / 10) {
                for (SourceRecord record : source.poll(1, PATIENCE)) {
                    note(last, record);
                    if (((Struct) record.value()).getString("note").equals("changed")) {
                        changed.add(((Struct) record.value()).get("id"));
                    }
                }
                source.commit();
            }
        }
        assertThat(last).hasSize(ROWS);
        last.forEach((id, note) -> assertThat(note).isEqualTo((Integer) id % 10 == 0 ? "changed" : "old"));
    }

    private static void note(Map<Object, String> last, SourceRecord record) {
        Struct value = (Struct) record.value();
        last.put(value.get("id"), value.getString("note"));
    }

    /** Nothing is left to be read of a range, and nobody has a record to store that with. */
    @Test
    void rangesWhoseRowsAreGoneHoldNothingUp() throws Exception {
        dunes();
        try (SourceHarness source = start("incrementing", "batch.max.rows", "20", "tasks.max", "2")) {
            source.poll();
            source.commit();
        }
        postgres.execute("DELETE FROM dunes WHERE id <= " + ROWS, "INSERT INTO dunes VALUES (700, now(), 'new')");
        try (SourceHarness source = start("incrementing", "poll.interval.ms", "20", "tasks.max", "2")) {
            assertThat(ids(source.poll(1, PATIENCE))).containsExactly(700);
        }
    }

    @Test
    void tableThatIsMadeAnewMeanwhileIsReadFromTheBeginning() throws Exception {
        dunes();
        try (SourceHarness source = start("incrementing", "poll.interval.ms", "20", "tasks.max", "2")) {
            assertThat(source.poll()).hasSize(ROWS - 1);
            assertThat(source.poll()).isEmpty();
            postgres.execute("TRUNCATE dunes", "INSERT INTO dunes SELECT n, now() FROM generate_series(1, 9) n");
            source.commit();

            assertThat(ids(source.poll(9, PATIENCE))).containsExactlyElementsOf(upTo(9));
        }
    }

    @Test
    void tableWithAnOffsetIsNotLoadedAgain() throws Exception {
        dunes();
        offsets.put(Map.of("table", "dunes"), Map.of("incrementing", 597L));
        try (SourceHarness source = start("incrementing")) {
            assertThat(tasks()).isEqualTo(1);
            assertThat(ids(source.poll(3, PATIENCE))).containsExactly(598, 599, 600);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "incrementing,late.rows.window.ms,1000,1",
        "timestamp,timestamp.initial,0,1",
        "incrementing,quote.sql.identifiers,never,4"
    })
    void optionsThatAreForOneReaderKeepRangesAway(String mode, String key, String value, int tasks) throws Exception {
        dunes();
        try (SourceHarness source = start(mode, key, value)) {
            assertThat(tasks()).isEqualTo(tasks);
            assertThat(source.poll()).hasSizeGreaterThanOrEqualTo(ROWS - 1);
        }
    }

    @Test
    void offsetsOfRangesMayBeAlteredAndReset() throws Exception {
        dunes();
        try (SourceHarness source = start("incrementing")) {
            assertThat(source.poll()).hasSize(ROWS - 1);
            source.commit();
        }
        Map<Map<String, ?>, Map<String, ?>> altered = new HashMap<>(offsets.all());
        assertThat(altered).hasSize(4);
        assertThat(connector.alterOffsets(config("incrementing"), altered)).isTrue();
        altered.replaceAll((partition, offset) -> null);
        assertThat(connector.alterOffsets(config("incrementing"), altered)).isTrue();

        Map<String, String> range = Map.of("protocol", "1", "table", "public.dunes", "range", "0");
        assertThatThrownBy(
                        () -> connector.alterOffsets(config("incrementing"), Map.of(range, Map.of("incrementing", 5L))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("none of a range");
    }
}
