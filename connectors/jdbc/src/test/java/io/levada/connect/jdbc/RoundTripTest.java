/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type that is read can be written to a column of the same type, and is then equal. */
final class RoundTripTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TimeZone zoneOfTheMachine = TimeZone.getDefault();
    private Postgres postgres;

    @BeforeEach
    void createDatabase() throws SQLException {
        postgres = Postgres.newDatabase();
    }

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(zoneOfTheMachine);
    }

    private void copy(String... config) throws Exception {
        Map<String, String> source = postgres.config(config);
        source.putAll(Map.of("mode", "bulk", "table.whitelist", "original", "topic.prefix", ""));
        Map<String, String> sink = postgres.config("topics", "original", "table.name.format", "copy");
        sink.put("db.timezone", source.getOrDefault("db.timezone", "UTC"));
        try (SourceHarness from = SourceHarness.start(new JdbcSourceConnector(), source, new MemoryOffsets());
                SinkHarness to = SinkHarness.start(new JdbcSinkConnector(), sink, new TopicPartition("original", 0))) {
            to.put(delivered(from.poll(1, PATIENCE)));
            assertThat(to.requests().errant()).isEmpty();
        }
    }

    private static List<SinkRecord> delivered(List<SourceRecord> polled) {
        List<SinkRecord> records = new ArrayList<>();
        for (SourceRecord each : polled) {
            records.add(new SinkRecord(each.topic(), 0, null, null, each.valueSchema(), each.value(), records.size()));
        }
        return records;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "boolean            | true, false, null",
                "smallint           | -32768, 32767, null",
                "integer            | -2147483648, 2147483647, null",
                "bigint             | -9223372036854775808, 9223372036854775807, null",
                "oid                | 4294967295",
                "real               | 1.5, 'NaN', '-Infinity', 3.4e38, null",
                "double precision   | 0.1, 'NaN', 'Infinity', 1.7e308, null",
                "numeric            | 1, 1.5, 123456789012345678901234567890.123456789, 'NaN', null",
                "numeric(18,0)      | 999999999999999999, -1, null",
                "numeric(10,2)      | 12345678.91, 0.10, -0.01, null",
                "numeric(38,10)     | 1234567890123456789012345678.0123456789, null",
                "text               | 'a', '', 'ü\"''\\', null",
                "varchar(5)         | 'abc', null",
                "char(5)            | 'abc', null",
                "\"char\"           | 'x'",
                "name               | 'n'",
                "bytea              | '\\x00ff10', '\\x', null",
                "date               | '2024-03-31', '0001-01-01', '1582-10-10', '9999-12-31', '0044-03-15 BC', '5874897-12-31', '4714-11-24 BC', null",
                "time               | '00:00', '23:59:59.999', '24:00', null",
                "time[]             | '{24:00:00,12:30:00}'",
                "timetz             | '12:00:00.123456+05:30', null",
                "timestamp          | '2024-03-31 02:30:00.123', '0001-01-01', '1900-01-01', 'infinity', '-infinity', null",
                "timestamp          | '294276-12-31 23:59:59.999', '4714-11-24 BC'",
                "timestamptz        | '2024-03-31 02:30:00.123+00', '1900-01-01 00:00+00', 'infinity', null",
                "timestamptz        | '294276-12-31 23:59:59.999+00', '4714-11-24 00:00:00+00 BC'",
                "timetz             | '24:00:00+00'",
                "uuid               | '00000000-0000-0000-0000-00000000000f', null",
                "json               | '{\"a\": [1,null]}', 'null', null",
                "jsonb              | '{\"a\": [1,null]}', '\"text\"', null",
                "inet               | '192.168.0.1/24', '::1', null",
                "cidr               | '10.0.0.0/8'",
                "macaddr            | '08:00:2b:01:02:03'",
                "interval           | '1 year 2 days 03:04:05.678', '-1 day', null",
                "bit(3)             | B'101'",
                "varbit             | B'10101'",
                "money              | '12.34'",
                "int4range          | '[1,5)', 'empty', null",
                "tsvector           | 'a:1 b:2'",
                "point              | '(1,2)'",
                "xml                | '<a/>'",
                "mood               | 'happy', null",
                "other.mood         | 'glad', null",
                "other.mood[]       | '{glad,null}'",
                "pair               | '(1,\"a, b\")', '(,)', null",
                "pair[]             | '{\"(1,a)\"}'",
                "few                | 3",
                "few[]              | '{1,2}'",
                "shortrange         | '[1,5)'",
                "int4multirange     | '{[1,3),[5,7)}'",
                "tstzrange          | '[\"2024-01-01 00:00:00+00\",infinity)'",
                "macaddr8           | '08:00:2b:01:02:03:04:05'",
                "line               | '{1,2,3}'",
                "lseg               | '[(1,2),(3,4)]'",
                "box                | '(3,4),(1,2)'",
                "path               | '((1,2),(3,4))', '[(1,2),(3,4)]'",
                "polygon            | '((1,2),(3,4),(5,6))'",
                "circle             | '<(1,2),3>'",
                "tsquery            | 'a & b'",
                "pg_lsn             | '16/B374D848'",
                "int2vector         | '1 2 3'",
                "numeric            | 'Infinity'",
                "numeric(2,5)       | 0.00012",
                "integer[]          | '{1,2,null}', '{}', null",
                "bigint[]           | '{9223372036854775807}'",
                "text[]             | '{a,\"b,c\",null,\"\\\"\",NULL}', null",
                "boolean[]          | '{t,f}'",
                "double precision[] | '{0.1,NaN}'",
                "numeric[]          | '{1.10,2}'",
                "uuid[]             | '{00000000-0000-0000-0000-00000000000f}'",
                "date[]             | '{2024-03-31,0001-01-01}'",
                "timestamp[]        | '{2024-03-31 02:30:00.123}'",
                "timestamptz[]      | '{2024-03-31 02:30:00.123+00}'",
                "bytea[]            | '{\"\\\\x00ff\"}'",
                "jsonb[]            | '{\"{\\\"a\\\": 1}\"}'"
            },
            quoteCharacter = '\0')
    void valuesComeBackEqual(String type, String values) throws Exception {
        postgres.execute(
                "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                "CREATE SCHEMA other",
                "CREATE TYPE other.mood AS ENUM ('glad')",
                "CREATE TYPE pair AS (a int, b text)",
                "CREATE DOMAIN few AS int CHECK (VALUE < 10)",
                "CREATE TYPE shortrange AS RANGE (subtype = int2)",
                "CREATE TABLE original (n serial, v " + type + ")",
                "CREATE TABLE copy (LIKE original)");
        for (String value : values.split(", (?=['B0-9n-]|true|false)")) {
            postgres.execute("INSERT INTO original (v) VALUES (" + value + ")");
        }

        copy();

        assertThat(postgres.rows("SELECT n, v FROM copy ORDER BY n"))
                .isEqualTo(postgres.rows("SELECT n, v FROM original ORDER BY n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "America/Los_Angeles", "Pacific/Apia", "Europe/Lisbon"})
    void zoneOfTheMachineTouchesNothing(String zone) throws Exception {
        postgres.execute(
                "ALTER DATABASE " + postgres.name() + " SET intervalstyle = 'sql_standard'",
                "CREATE TYPE pair AS (a bytea, b timestamptz)",
                "CREATE TABLE original (d date, t time, ts timestamp, tz timestamptz, said text, v tstzrange, p pair, i interval)",
                "CREATE TABLE copy (LIKE original)",
                "ALTER TABLE copy ALTER COLUMN said TYPE timestamptz USING NULL",
                "INSERT INTO original VALUES ('2024-03-31', '02:30', '2024-03-31 02:30', '2024-03-31 02:30+00',"
                        + " '2024-03-31 02:30', '[2024-03-31 02:30+00,)', ('\\x00', '2024-03-31 02:30+00'), '-1 day 2 hours')");
        TimeZone.setDefault(TimeZone.getTimeZone(zone));

        copy();

        assertThat(postgres.rows("TABLE copy"))
                .isEqualTo(postgres.rows("SELECT d, t, ts, tz, (said || '+00')::timestamptz, v, p, i FROM original"));
        assertThat(List.of(text("v"), text("p"), text("i")))
                .containsExactly(
                        "[\"2024-03-31 02:30:00+00\",)",
                        "(\"\\\\x00\",\"2024-03-31 02:30:00+00\")",
                        "-1 days +02:00:00");
    }

    private Object text(String column) throws Exception {
        return row().get(column);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "readable", "best_fit", "precision_only"})
    void numbersComeBackEqualUnderEveryMapping(String mapping) throws Exception {
        postgres.execute(
                "CREATE TABLE original (a numeric(9,0), b numeric(10,2), c numeric(30,5), d numeric(2,0))",
                "CREATE TABLE copy (LIKE original)",
                "INSERT INTO original VALUES (123456789, 12345678.91, 1234567890123456789012345.12345, 12)");

        copy("numeric.mapping", mapping);

        assertThat(postgres.rows("TABLE copy")).isEqualTo(postgres.rows("TABLE original"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "date         | 'infinity'      | readable | infinity",
                "integer[]    | '{{1,2},{3,4}}' | readable | several dimensions, which has no form in Connect's ARRAY; set array.mapping=text",
                "integer[]    | '[2:3]={1,2}'   | readable | does not begin at 1, which has no form in Connect; set array.mapping=text",
                "numeric      | 1.5             | none     | numeric.mapping=readable",
                "numeric(9,2) | 'NaN'           | none     | NaN",
            })
    void valueWithoutAFormIsRefusedByTheNameOfItsColumn(String type, String value, String mapping, String message)
            throws Exception {
        postgres.execute(
                "CREATE TABLE original (v " + type + ")",
                "CREATE TABLE copy (LIKE original)",
                "INSERT INTO original VALUES (" + value + ")");

        assertThatThrownBy(() -> copy("numeric.mapping", mapping))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column v of table public.original")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {"integer[] | '{{1,2},{3,4}}'", "integer[] | '[2:3]={1,2}'", "text[] | '{{a,null},{\"b,c\",d}}'"})
    void arraysOfAnyShapeComeBackEqualAsText(String type, String value) throws Exception {
        postgres.execute(
                "CREATE TABLE original (v " + type + ")",
                "CREATE TABLE copy (LIKE original)",
                "INSERT INTO original VALUES (" + value + ")");

        copy("array.mapping", "text");

        assertThat(postgres.rows("TABLE copy")).isEqualTo(postgres.rows("TABLE original"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "readable", "best_fit", "best_fit_eager_double", "precision_only"})
    void numbersWithoutTheirLastDigitsComeBackEqualUnderEveryMapping(String mapping) throws Exception {
        assumeTrue(postgres.majorVersion() >= 15, "PostgreSQL has scales below 0 since version 15");
        postgres.execute(
                "CREATE TABLE original (v numeric(5,-2), w numeric(18,-3))",
                "CREATE TABLE copy (LIKE original)",
                "INSERT INTO original VALUES (12300, 123456789012345678000), (-9999900, 0)");

        copy("numeric.mapping", mapping);

        assertThat(postgres.rows("TABLE copy")).isEqualTo(postgres.rows("TABLE original"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timestamptz | 9999-12-31 23:59:59.123456+00 | micros_long                | 253402300799123456",
                "timestamptz | 9999-12-31 23:59:59.123456+00 | micros_string              | 253402300799123456",
                "timestamptz | 9999-12-31 23:59:59.123456+00 | nanos_string               | 253402300799123456000",
                "timestamptz | 9999-12-31 23:59:59.123456+00 | micros_iso_datetime_string | 9999-12-31T23:59:59.123456",
                "timestamptz | 9999-12-31 23:59:59.123456+00 | nanos_long                 | too far from 1970 for nanos_long",
                "timestamptz | infinity                      | micros_long                | holds infinity",
                "timestamp   | 294276-12-31 23:59:59.999999  | micros_string              | 9224318015999999999",
                "timestamp   | 294276-12-31 23:59:59.999999  | micros_long                | too far from 1970 for micros_long",
                "timestamp   | 4714-11-24 00:00:00 BC        | micros_long                | -210866803200000000",
                "timestamp   | 0001-01-01 00:00:00.000001    | nanos_string               | -62135596799999999000",
            })
    void timestampsAtTheEndsAreExactOrRefused(String type, String value, String granularity, String expected)
            throws Exception {
        postgres.execute("CREATE TABLE original (v " + type + ")", "INSERT INTO original VALUES ('" + value + "')");

        if (expected.contains(" ")) {
            assertThatThrownBy(() -> read("timestamp.granularity", granularity))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("column v of table public.original")
                    .hasMessageContaining(expected)
                    .hasMessageContaining("timestamp.granularity");
        } else {
            assertThat(String.valueOf(read("timestamp.granularity", granularity)))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"date, infinity", "'numeric(9,0)', NaN", "int[], '{{1}}'"})
    void valueWithoutAFormIsNullWhereThatIsAskedFor(String type, String value) throws Exception {
        postgres.execute("CREATE TABLE original (v " + type + ")", "INSERT INTO original VALUES ('" + value + "')");

        assertThat(read("on.unreadable.value", "null")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"timestamp", "timestamptz"})
    void rowsAtMinusInfinityAreReadOnceAndFirst(String type) throws Exception {
        postgres.execute(
                "CREATE TABLE original (n int, v " + type + " NOT NULL)",
                "INSERT INTO original VALUES (2, '2024-01-01'), (1, '-infinity'), (3, 'infinity')");
        Map<String, String> config = postgres.config(
                "mode", "timestamp", "timestamp.column.name", "v", "table.whitelist", "original", "topic.prefix", "");
        config.put("batch.max.rows", "1");
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
            assertThat(source.poll(1, PATIENCE))
                    .extracting(record -> ((Struct) record.value()).get("n"))
                    .containsExactly(1);
            source.commit();
            source.restart();
            assertThat(source.poll(1, PATIENCE))
                    .extracting(record -> ((Struct) record.value()).get("n"))
                    .containsExactly(2);
        }
    }

    private @Nullable Object read(String... config) throws Exception {
        return row(config).get("v");
    }

    private Struct row(String... config) throws Exception {
        Map<String, String> source = postgres.config(config);
        source.putAll(Map.of("mode", "bulk", "table.whitelist", "original", "topic.prefix", ""));
        try (SourceHarness from = SourceHarness.start(new JdbcSourceConnector(), source, new MemoryOffsets())) {
            return (Struct) from.poll(1, PATIENCE).get(0).value();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connect_logical, 1704103200123",
        "micros_long, 1704103200123456",
        "nanos_long, 1704103200123456000",
        "micros_string, 1704103200123456",
        "nanos_string, 1704103200123456000",
        "micros_iso_datetime_string, 2024-01-01T10:00:00.123456",
        "nanos_iso_datetime_string, 2024-01-01T10:00:00.123456000"
    })
    void timestampsKeepTheDigitsAskedFor(String granularity, String expected) throws Exception {
        postgres.execute(
                "CREATE TABLE original (v timestamptz)",
                "INSERT INTO original VALUES ('2024-01-01 10:00:00.123456+00')");
        Map<String, String> config = postgres.config(
                "mode",
                "bulk",
                "table.whitelist",
                "original",
                "topic.prefix",
                "",
                "timestamp.granularity",
                granularity);
        try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
            Object value = ((Struct) source.poll(1, PATIENCE).get(0).value()).get("v");

            assertThat(
                            value instanceof java.util.Date date
                                    ? String.valueOf(date.toInstant().toEpochMilli())
                                    : value.toString())
                    .isEqualTo(expected);
        }
    }
}
