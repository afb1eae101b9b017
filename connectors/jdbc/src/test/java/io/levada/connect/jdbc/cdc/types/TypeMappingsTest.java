/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.Postgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server says of its types and its values. */
final class TypeMappingsTest {

    private static Connection connection;
    private static TypeCatalog catalog;

    @BeforeAll
    static void connect() throws SQLException {
        connection = Postgres.newDatabase().connect();
        Postgres.execute(
                connection,
                "SET datestyle = ISO",
                "SET intervalstyle = postgres",
                "SET timezone = 'UTC'",
                "SET extra_float_digits = 1",
                "SET bytea_output = hex",
                "SET lc_monetary = 'C'",
                "CREATE TYPE mood AS ENUM ('sad', 'ok', 'very, happy', 'it''s')",
                "CREATE TYPE pair AS (x int, y text)",
                "CREATE TYPE hstore AS (x int)",
                "CREATE DOMAIN price AS numeric(8,2)",
                "CREATE DOMAIN pricier AS price",
                "CREATE DOMAIN moody AS mood",
                "CREATE DOMAIN texts AS text[]",
                "CREATE SEQUENCE cells",
                "CREATE DOMAIN millis AS timestamp(3)");
        catalog = TypeCatalog.of(connection);
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
    }

    private static TypeMappings mappings(boolean unknownTypes) {
        return mappings(unknownTypes, DecimalMode.PRECISE, TimePrecision.ADAPTIVE);
    }

    private static TypeMappings mappings(boolean unknownTypes, DecimalMode decimals, TimePrecision times) {
        return new TypeMappings(
                new TypeOptions(
                        decimals,
                        times,
                        BinaryMode.BYTES,
                        HstoreMode.JSON,
                        IntervalMode.NUMERIC,
                        2,
                        unknownTypes,
                        "gone",
                        UnreadableValues.FAIL),
                catalog);
    }

    /** A column of a table, as pg_attribute has it, and a value of it as the server writes it. */
    private record Cell(int typeOid, int typmod, String text, String defaultExpression) {

        static Cell of(String type, String value) throws SQLException {
            return of(type, value, "NULL");
        }

        static Cell of(String type, String value, String byDefault) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS cell");
                statement.execute("CREATE TABLE cell (v " + type + " DEFAULT " + byDefault + ")");
                statement.execute("INSERT INTO cell VALUES (" + value + ")");
                ResultSet row = statement.executeQuery(
                        "SELECT a.atttypid::int8, a.atttypmod, format('%s', v), pg_get_expr(d.adbin, d.adrelid)"
                                + " FROM cell, pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid"
                                + " WHERE a.attrelid = 'cell'::regclass AND a.attname = 'v'");
                row.next();
                return new Cell(
                        (int) row.getLong(1), row.getInt(2), row.getString(3), String.valueOf(row.getString(4)));
            }
        }

        Optional<ColumnMapping> mapping(TypeMappings mappings) throws SQLException {
            return mappings.of(typeOid, typmod);
        }
    }

    private static String read(TypeMappings mappings, String type, String value) throws SQLException {
        Cell cell = Cell.of(type, value);
        ColumnMapping mapping = cell.mapping(mappings).orElseThrow();
        Schema schema = mapping.schema().build();
        byte[] text = cell.text().getBytes(StandardCharsets.UTF_8);
        Object read = mapping.read(text, 0, text.length);
        ConnectSchema.validateValue(schema, read);
        return (schema.name() == null ? schema.type().getName() : schema.name().replaceAll(".*\\.", "")) + " "
                + shown(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "bool; true; boolean true",
                "int2; -32768; int16 -32768",
                "int4; 7; int32 7",
                "int8; 9223372036854775807; int64 9223372036854775807",
                "oid; 4294967295; int64 4294967295",
                "float4; 1.1; float32 1.1",
                "float8; 'NaN'; float64 NaN",
                "numeric(10,3); 1.5; Decimal 1.500",
                "numeric; 1.50; VariableScaleDecimal 1 0f",
                "money; '$1,234.56'; Decimal 1234.56",
                "price; 12.5; Decimal 12.50",
                "pricier; 1; Decimal 1.00",
                "text; 'Grüße'; string Grüße",
                "varchar(20); ''; `string `",
                "char(4); 'ab'; `string ab  `",
                "name; 'n'; string n",
                "\"char\"; 'q'; string q",
                "uuid; 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'; Uuid a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                "json; '{\"b\" :  1}'; Json {\"b\" :  1}",
                "jsonb; '{\"b\" :  1}'; Json {\"b\": 1}",
                "bytea; '\\x00ff'; bytes 00ff",
                "bit; '1'; boolean true",
                "bit(12); '110011001100'; Bits cc0c",
                "varbit; '101'; Bits 05",
                "date; '0044-03-15 BC'; Date -735160",
                "time; '24:00'; MicroTime 86400000000",
                "time(2); '12:00:00.25'; Time 43200250",
                "timetz; '12:00+05:30'; ZonedTime 06:30:00Z",
                "timestamp; '1969-12-31 23:59:59.999999'; MicroTimestamp -1",
                "timestamp(3); '1969-12-31 23:59:59.999'; Timestamp -1",
                "millis; '1969-12-31 23:59:59.999'; Timestamp -1",
                "timestamptz; '2024-02-29 12:00:00.5+02'; ZonedTimestamp 2024-02-29T10:00:00.500000Z",
                "timestamptz(1); '2024-02-29 12:00:00.5+02'; ZonedTimestamp 2024-02-29T10:00:00.5Z",
                "interval; '-1 day +02:03:00'; MicroDuration -79020000000",
                "inet; '192.168.0.1/24'; string 192.168.0.1/24",
                "cidr; '10.0.0.0/8'; string 10.0.0.0/8",
                "macaddr; '08:00:2b:01:02:03'; string 08:00:2b:01:02:03",
                "macaddr8; '08:00:2b:01:02:03:04:05'; string 08:00:2b:01:02:03:04:05",
                "int4range; '[1,10)'; string [1,10)",
                "int8range; '(1,10]'; string [2,11)",
                "numrange; 'empty'; string empty",
                "tsrange; '[2024-01-01,)'; string [\"2024-01-01 00:00:00\",)",
                "tstzrange; '(,2024-01-01)'; string (,\"2024-01-01 00:00:00+00\")",
                "daterange; '[2024-01-01,2024-02-01]'; string [2024-01-01,2024-02-02)",
                "tsvector; 'a fat cat'; Tsvector 'a' 'cat' 'fat'",
                "mood; 'very, happy'; Enum very, happy",
                "moody; 'sad'; Enum sad",
                "int4[]; '{1,NULL}'; array [1, null]",
                "numeric(8,2)[]; '{1.5}'; array [1.50]",
                "numeric[]; '{1.50,100}'; array [1 0f, 0 64]",
                "text[]; '{a,\"b,c\",NULL}'; array [a, b,c, null]",
                "texts; '{a}'; array [a]",
                "timestamp(3)[]; '{2024-01-01 00:00:00.123}'; array [1704067200123]",
                "timestamptz[]; '{2024-01-01 00:00+00}'; array [2024-01-01T00:00:00.000000Z]",
                "bytea[]; array['\\x01ff'::bytea]; array [01ff]",
                "int4range[]; array['[1,2)'::int4range]; array [[1,2)]",
                "box[]; array['(1,1),(0,0)'::box, '(1,1),(0,0)'] ; array ["
                        + "01030000000100000005000000000000000000f03f000000000000f03f000000000000f03f00000000000000000000000000000000000000000000000000000000000000000000"
                        + "00000000f03f000000000000f03f000000000000f03f {type=box}, "
                        + "01030000000100000005000000000000000000f03f000000000000f03f000000000000f03f00000000000000000000000000000000000000000000000000000000000000000000"
                        + "00000000f03f000000000000f03f000000000000f03f {type=box}]",
                "mood[]; '{ok,sad}'; array [ok, sad]",
                "moody[]; '{ok}'; array [ok]",
                "line; '{1,2,3}'; Line 1.0 2.0 3.0",
                "point; '(0,0)'; Point 0.0 0.0 010100000000000000000000000000000000000000",
            })
    void valuesAreReadAsTheServerWritesThem(String type, String value, String expected) throws SQLException {
        assertThat(read(mappings(false), type, value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "pair; '(1,two)'; bytes 28312c74776f29",
                "pg_lsn; '0/16B3748'; bytes 302f31364233373438",
                "tsquery; 'fat'; bytes 2766617427",
                "hstore; row(1)::hstore; bytes 283129",
                "pair[]; array[(1,'two')::pair]; array [28312c74776f29]",
                "price[]; '{1}'; array [312e3030]",
                "int2vector; '1 2'; bytes 312032",
            })
    void unknownTypesAreLeftOutOrBytes(String type, String value, String expected) throws SQLException {
        assertThat(Cell.of(type, value).mapping(mappings(false))).isEmpty();
        assertThat(read(mappings(true), type, value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"money[]", "name[]", "interval[]", "varbit[]", "xml[]", "point[]", "refcursor[]"})
    void someArraysAreAlwaysLeftOut(String type) throws SQLException {
        assertThat(Cell.of(type, "NULL").mapping(mappings(true))).isEmpty();
    }

    @Test
    void enumSaysItsLabelsAndNoticesNewOnes() throws SQLException {
        Postgres.execute(connection, "CREATE TYPE grown AS ENUM ('a', 'b')", "CREATE DOMAIN over_grown AS grown");
        Cell cell = Cell.of("over_grown", "'a'");
        ColumnMapping before = cell.mapping(mappings(false)).orElseThrow();
        assertThat(before.schema().parameters()).containsEntry("allowed", "a,b");
        Postgres.execute(connection, "ALTER TYPE grown ADD VALUE 'new' BEFORE 'b'");

        assertThat(before.outdatedBy("b")).isFalse();
        assertThat(before.outdatedBy("new")).isTrue();
        catalog.refresh(cell.typeOid());

        ColumnMapping after = cell.mapping(mappings(false)).orElseThrow();
        assertThat(after.schema().parameters()).containsEntry("allowed", "a,new,b");
        assertThat(after.outdatedBy("new")).isFalse();
    }

    @Test
    void oidOfNoTypeIsRefused() {
        assertThatThrownBy(() -> mappings(true).of(-2, -1))
                .isInstanceOf(DataException.class)
                .hasMessage("no type has oid 4294967294 (any more)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "bool; true; true",
                "int2; 5; 5",
                "int4; -1; -1",
                "int4; nextval('cells'); 0",
                "int4; length('abc'); 0",
                "numeric(8,2); 1.5; 1.50",
                "float8; 'NaN'; NaN",
                "text; 'it''s'; it's",
                "varchar(9); upper('x'); ``",
                "text; current_user; CURRENT_USER",
                "char(5); 'ab'; ab",
                "json; '{}'; {}",
                "jsonb; jsonb_build_object('a', 1); {}",
                "uuid; gen_random_uuid(); 00000000-0000-0000-0000-000000000000",
                "bit(8); '00000011'; 03",
                "varbit(12); '1'; 01",
                "bit; '0'; false",
                "date; '2024-01-02'; 19724",
                "date; current_date; 0",
                "time; localtime; 0",
                "timestamp; now(); 0",
                "timestamp(3); '2024-01-02 03:04:05.678'; 1704164645678",
                "timestamptz(2); now(); 1970-01-01T00:00:00.00Z",
                "interval; '1 day 02:03:04.5'; 93784500000",
                "interval; '1 day'::interval * 2; 86400000000",
                "mood; 'it''s'; it's",
            })
    void defaultsAreLiteralsOrWhatStandsForComputedOnes(String type, String expression, String expected)
            throws SQLException {
        Cell cell = Cell.of(type, "NULL", expression);
        TypeMappings mappings = mappings(false);

        Object value = mappings.defaultValue(cell.defaultExpression(), cell.typeOid(), cell.typmod())
                .orElseThrow();

        ConnectSchema.validateValue(
                cell.mapping(mappings).orElseThrow().schema().build(), value);
        assertThat(shown(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "int4; 1 + 2",
                "varchar(5); NULL::text",
                "numeric(8,2); NULL::int",
                "numeric; 1.5",
                "numeric(8,2); -1.555",
                "money; 12.34",
                "bytea; '\\x01'",
                "inet; '10.0.0.1'",
                "oid; 7",
                "point; '(1,2)'",
                "text[]; '{}'",
                "price; 1.5",
                "moody; 'sad'",
                "pair; '(1,two)'",
                "date; 'today'::text::date",
            })
    void otherDefaultsAreNotShown(String type, String expression) throws SQLException {
        Cell cell = Cell.of(type, "NULL", expression);

        assertThat(mappings(false).defaultValue(cell.defaultExpression(), cell.typeOid(), cell.typmod()))
                .isEmpty();
    }

    @Test
    void defaultsOfNumbersAsTextHaveTheScaleOfTheirColumn() throws SQLException {
        Cell cell = Cell.of("numeric(8,2)", "NULL", "1");

        assertThat(mappings(false, DecimalMode.STRING, TimePrecision.ADAPTIVE)
                        .defaultValue(cell.defaultExpression(), cell.typeOid(), cell.typmod()))
                .contains("1.00");
    }

    /** Whatever a text is, it has a value or is refused as DataException says. */
    @Test
    void hostileTextIsRefusedDecently() throws SQLException {
        List<ColumnMapping> all = new ArrayList<>();
        for (TimePrecision times : TimePrecision.values()) {
            all.addAll(all(mappings(true, DecimalMode.PRECISE, times)));
        }
        all.addAll(all(mappings(true, DecimalMode.DOUBLE, TimePrecision.ADAPTIVE)));
        all.addAll(all(mappings(true, DecimalMode.STRING, TimePrecision.ADAPTIVE)));
        Random random = new Random(5);
        String alphabet = "0123456789-+:. {}()[]<>,;\"\\/=ENBCinfdaymx$'\t\0é";
        for (int i = 0; i < 60; i++) {
            StringBuilder text = new StringBuilder();
            for (int size = random.nextInt(30); size > 0; size--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (ColumnMapping mapping : all) {
                readOrRefuse(mapping, text.toString());
            }
        }
    }

    private static List<ColumnMapping> all(TypeMappings mappings) throws SQLException {
        List<ColumnMapping> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet types = statement.executeQuery("SELECT oid::int8 FROM pg_type WHERE typrelid = 0")) {
            while (types.next()) {
                mappings.of((int) types.getLong(1), -1).ifPresent(all::add);
            }
        }
        return all;
    }

    private static void readOrRefuse(ColumnMapping mapping, String text) {
        try {
            Reading.read(mapping, text);
        } catch (DataException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Test
    void whatIsRefusedIsShownInPart() throws SQLException {
        ColumnMapping mapping = Cell.of("int4", "1").mapping(mappings(false)).orElseThrow();
        byte[] text = "€".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> mapping.read(text, 0, text.length))
                .isInstanceOf(DataException.class)
                .hasMessage("not a value of type int4: '" + "€".repeat(100) + "...'");
    }
}
