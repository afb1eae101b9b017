/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mistake gets one error, under the key to change, that says what to do. */
final class ValidationTest {

    private static Postgres postgres;

    @BeforeAll
    static void createTables() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE TABLE orders (id serial PRIMARY KEY, item text, at timestamp NOT NULL, maybe timestamp,"
                        + " other timestamptz NOT NULL)",
                "CREATE TYPE pair AS (a int, b int)",
                "CREATE TABLE odd (id serial PRIMARY KEY, p pair, fine text)",
                "CREATE TABLE plain (n int)",
                "CREATE SCHEMA second",
                "CREATE TABLE second.plain (n int)",
                "CREATE ROLE stranger LOGIN PASSWORD 'known'",
                "CREATE TABLE keyed (a int, b int, n int, UNIQUE (b, a))",
                "CREATE UNIQUE INDEX ON keyed (n) WHERE n > 0",
                "CREATE TABLE later (id int UNIQUE DEFERRABLE)",
                "CREATE VIEW seen AS SELECT * FROM orders",
                "CREATE SCHEMA closed",
                "CREATE TABLE closed.shut (id int)",
                "GRANT INSERT (n) ON plain TO stranger",
                "GRANT INSERT, UPDATE, SELECT ON keyed TO stranger");
    }

    private static List<String> errors(Connector connector, Map<String, String> config) {
        List<String> errors = new ArrayList<>();
        connector
                .validate(config)
                .configValues()
                .forEach(value -> value.errorMessages().forEach(message -> errors.add(value.name() + ": " + message)));
        return errors;
    }

    private static Map<String, String> source(String changes) {
        Map<String, String> config =
                postgres.config("mode", "incrementing", "topic.prefix", "t.", "table.whitelist", "orders");
        for (String change : changes.split(" & ")) {
            String[] pair = change.split("=", 2);
            if (pair[1].equals("-")) {
                config.remove(pair[0]);
            } else {
                config.put(
                        pair[0],
                        pair[1].replace(
                                "PORT", String.valueOf(PostgresServer.shared().port())));
            }
        }
        return config;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode=- | mode | Missing required",
                "transaction.isolation.mode=SQL_SERVER_SNAPSHOT | transaction.isolation.mode | is for SQL Server",
                "mode=sideways | mode | must be one of bulk, incrementing, timestamp, timestamp+incrementing",
                "topic.prefix=- | topic.prefix | Missing required",
                "connection.url=- | connection.url | Missing required",
                "batch.max.rows=0 | batch.max.rows | at least 1",
                "numeric.mapping=fuzzy | numeric.mapping | must be one of readable, none",
                "mode=timestamp | timestamp.column.name | must be set when mode is timestamp",
                "timestamp.column.name=at | timestamp.column.name | no meaning when mode is incrementing",
                "mode=bulk & incrementing.column.name=id | incrementing.column.name | no meaning when mode is bulk",
                "table.blacklist=x | table.blacklist | cannot stand beside table.whitelist",
                "table.include.list=x | table.include.list | one way of naming tables",
                "table.whitelist= & table.include.list=[ | table.include.list | must be a regular expression",
                "query=SELECT 1 | query | cannot stand beside a list of tables",
                "table.whitelist= & query=SELECT 1 | incrementing.column.name | must be set with query",
                "table.whitelist= & query=SELEKT 1 & mode=bulk | query | syntax error",
                "table.whitelist= & query=SELECT 1 AS a, 2 AS a & mode=bulk | query | two columns called a",
                "mode=timestamp & timestamp.column.name=at & query.suffix=LIMIT 1 | query.suffix | timestamp+incrementing",
                "table.whitelist= & query=SELECT 1 AS id & incrementing.column.name=id & query.suffix=LIMIT 1 | query.suffix | batch.max.rows",
                "table.whitelist= & mode=bulk & query=SELECT 1) q; COMMIT; SELECT 1 FROM (SELECT 1 | query | only one statement",
                "table.whitelist= & mode=bulk & query.masked=SELECT 1; COMMIT | query.masked | only one statement",
                "query.suffix=LIMIT 1; COMMIT | query.suffix | only one statement",
                "query.masked=x | query.masked | cannot stand beside a list of tables",
                "table.whitelist= & query=SELECT 1 & query.masked=SELECT 2 | query.masked | cannot stand beside query",
                "timestamp.columns.mapping=x:y | timestamp.columns.mapping | no meaning when mode is incrementing",
                "incrementing.column.mapping=x | incrementing.column.mapping | a colon and a column",
                "incrementing.column.mapping=[:id | incrementing.column.mapping | must begin with a regular expression",
                "incrementing.column.mapping=x:id & incrementing.column.name=id | incrementing.column.mapping | beside the key",
                "incrementing.column.mapping=.*[.]orders:nope | incrementing.column.mapping | incrementing.column.mapping names nope",
                "mode=timestamp & timestamp.columns.mapping=other:[at] | timestamp.columns.mapping | has no entry for table public.orders",
                "topic.name.format=${topic} | topic.name.format | no other placeholders than",
                "topic.name.format=all | topic.name.format | must have ${table} in it",
                "record.key=columns | record.key.columns | must name columns",
                "record.key=columns & record.key.columns=nope | record.key.columns | to be in the records' key, but is not read",
                "column.exclude.list=item | column.exclude.list | must name the table too",
                "column.mask.list=orders.id | incrementing.column.name | no auto-increment column",
                "column.mask.list=item | column.mask.list | must name the table too",
                "column.mask.list=orders.itm | column.mask.list | names itm, which table public.orders does not have",
                "column.mask.list=order.item | column.mask.list | no table that is read is called order",
                "column.mask.list=orders.itm & topic.name.format=${schema}.${table} | column.mask.list | a column that no table has",
                "column.exclude.list=public.orders.itm | column.exclude.list | does not have; its columns are [id",
                "column.include.list=public.orders.ID | column.include.list | names ID, which table",
                "table.whitelist= & mode=bulk & query=SELECT 1 AS id & column.mask.list=orders.id | column.mask.list | which the query does not have",
                "mode=bulk & record.key=primary_key & column.mask.list=orders.id | record.key | but is masked",
                "numeric.precision.mapping=true | numeric.precision.mapping | use numeric.mapping=precision_only",
                "date.calendar.system=JULIAN | date.calendar.system | proleptic Gregorian",
                "mode=bulk & exact.bounds=off | exact.bounds | no effect with mode=bulk",
                "mode=bulk & late.rows.window.ms=5 | late.rows.window.ms | no effect with mode=bulk",
                "mode=bulk & incrementing.initial=5 | incrementing.initial | does not begin at a number",
                "table.names.qualify=false | table.names.qualify | by their full names",
                "sql.quote.identifiers=false | sql.quote.identifiers | use quote.sql.identifiers",
                "timestamp.initial.ms=5 | timestamp.initial.ms | use timestamp.initial",
                "timestamp.initial=-1 | timestamp.initial | follows no timestamp",
                "timestamp.delay.interval.ms=5 | timestamp.delay.interval.ms | follows no timestamp",
                "table.whitelist= & mode=bulk & query=SELECT 1 & table.types=VIEW | table.types | no effect with query",
                "table.whitelist= & mode=bulk & query=SELECT 1 & topic.name.format=a${table} | topic.name.format | no effect with query",
                "table.whitelist= & mode=bulk & query=SELECT 1 & schema.pattern=a | schema.pattern | no effect with query",
                "table.whitelist= & mode=bulk & query=SELECT 1 & table.poll.interval.ms=5 | table.poll.interval.ms | no effect with query",
                "jdbc.credentials.provider.class=a.B | jdbc.credentials.provider.class | is not in the connector's plugin folder",
                "table.whitelist= & query=SELECT {{now}} & mode=bulk | query | there are {{after.incrementing}}",
                "table.whitelist= & query=INSERT INTO plain VALUES (1) RETURNING n & mode=bulk | query | syntax error",
                "incrementing.column.name=item | incrementing.column.name | is of type text and no whole number",
                "incrementing.column.name=n & table.whitelist=public.plain | incrementing.column.name | column n of table public.plain may be null",
                "dialect.name=Oracle | dialect.name | must be one of PostgreSqlDatabaseDialect",
                "table.whitelist=nowhere | table.whitelist | there is no table nowhere",
                "table.whitelist=plain | table.whitelist | would both go to the topic of plain",
                "table.whitelist=public.plain | incrementing.column.name | no auto-increment column",
                "incrementing.column.name=nope | incrementing.column.name | does not have; its columns are [id, item",
                "mode=timestamp & timestamp.column.name=maybe | timestamp.column.name | every timestamp column of",
                "mode=timestamp & timestamp.column.name=id | timestamp.column.name | is of type serial and no timestamp",
                "mode=timestamp & timestamp.column.name=at,other | timestamp.column.name | different types",
                "connection.password=wrong | connection.password | refused the password of user postgres",
                "connection.user=nobody | connection.password | refused the password of user nobody",
                "connection.url=jdbc:postgresql://localhost:PORT/absent | connection.url | there is no database absent",
                "connection.url=jdbc:postgresql://localhost:1/x | connection.url | cannot reach the database at localhost:1, nothing listens there",
                "connection.url=jdbc:postgresql://no.such.host.invalid/x | connection.url | is not known here",
                "connection.url=jdbc:mysql://localhost/x | connection.url | (com.mysql:mysql-connector-j)",
                "connection.url=jdbc:db2://localhost/x | connection.url | but is for db2",
                "connection.url=localhost | connection.url | is no JDBC URL",
                "connection.url=jdbc:postgresql://me:secret@localhost/x | connection.url | credentials before the host",
                "connection.url=jdbc:postgresql://localhost/x?socketFactory=a.B | connection.url | property socketFactory",
                "connection.socketFactory=secret | connection.socketFactory | list of the driver's properties that are safe",
                "connection.pool.max_size=secret | connection.pool.max_size | is no option",
                "connection.sslmode=verify-full | connection.url | does not support SSL",
                "connection.user=stranger & connection.password=known | table.whitelist | permission denied",
            })
    void eachMistakeOfASourceIsNamed(String changes, String key, String message) {
        List<String> errors = errors(new JdbcSourceConnector(), source(changes));

        assertThat(errors).singleElement().asString().startsWith(key + ": ").contains(message);
        assertThat(errors.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "insert.mode=replace | insert.mode | must be one of insert, upsert, update",
                "insert.mode=upsert | pk.mode | names no key",
                "delete.enabled=true | delete.enabled | needs pk.mode=record_key",
                "pk.fields=id | pk.fields | no meaning with pk.mode=none",
                "pk.mode=kafka & pk.fields=a,b | pk.fields | must be three names",
                "batch.size=0 | batch.size | at least 1",
                "date.timezone=LOCAL | date.timezone | never moved by a time zone",
                "schema.evolution=basic | schema.evolution | auto.evolve",
                "quote.identifiers=true | quote.identifiers | use quote.sql.identifiers",
                "use.time.zone=UTC | use.time.zone | use db.timezone",
                "column.naming.style=snake_case | column.naming.style | ReplaceField",
                "truncate.enabled=true | truncate.enabled | unwrap.change.events=true",
                "topics.to.tables.mapping=a | topics.to.tables.mapping | topic:table",
                "connection.password=wrong | connection.password | refused the password",
                "connection.sslmode=require | connection.url | does not support SSL",
                "connection.pool.min_size=5 | connection.pool.min_size | is no option",
                "topics=absent | table.name.format | there is no table absent; create it, set auto.create=true, or",
                "topics=orders,absent | table.name.format | there is no table absent",
                "topics.to.tables.mapping=orders:nowhere.it | topics.to.tables.mapping | there is no table nowhere.it",
                "table.name.format=x.${topic} & auto.create=true | table.name.format | there is no schema x; create it",
                "table.name.format=a.b.c.${topic} | table.name.format | is not the name of a table",
                "table.name.format=other.public.${topic} | table.name.format | in another database than",
                "topics=a.b,a_b & table.name.normalize=true & auto.create=true | table.name.format | would both go to",
                "topics=seen & table.types=TABLE | table.name.format | is a VIEW, and table.types allows only",
                "topics.regex=.* & table.name.format=absent | table.name.format | there is no table absent",
                "transforms=t & transforms.t.type=x & table.name.format=absent | table.name.format | there is no table absent",
                "insert.mode=upsert & pk.mode=record_key & pk.fields=item | pk.fields | no unique key of the columns [item]",
                "topics=keyed & insert.mode=upsert & pk.mode=record_key & pk.fields=a | pk.fields | no unique key of the columns [a]",
                "topics=keyed & insert.mode=upsert & pk.mode=record_key & pk.fields=n | pk.fields | no unique key of the columns [n]",
                "topics=later & insert.mode=upsert & pk.mode=record_key & pk.fields=id | pk.fields | no unique key of the columns [id]",
                "insert.mode=update & pk.mode=record_key & pk.fields=nr | pk.fields | has no column nr for the key; its columns are [id,",
                "insert.mode=upsert & pk.mode=kafka | pk.fields | has no column __connect_topic, __connect_partition, __connect_offset",
                "AS=stranger | table.name.format | no right to INSERT on table orders, which insert.mode=insert needs: GRANT INSERT",
                "AS=stranger & insert.mode=upsert & pk.mode=record_key & topics=plain | table.name.format | no right to UPDATE, SELECT on",
                "AS=stranger & delete.enabled=true & pk.mode=record_key & topics=keyed | table.name.format | no right to DELETE on",
                "AS=stranger & topics=absent & auto.create=true | table.name.format | may not create tables in schema public",
                "AS=stranger & topics=shut & table.name.format=closed.${topic} | table.name.format | permission denied for schema closed",
            })
    void eachMistakeOfASinkIsNamed(String changes, String key, String message) {
        assertThat(errors(new JdbcSinkConnector(), sink(changes)))
                .singleElement()
                .asString()
                .startsWith(key + ": ")
                .contains(message);
    }

    private static Map<String, String> sink(String changes) {
        Map<String, String> config = postgres.config("topics", "orders");
        for (String change : changes.split(" & ")) {
            config.put(change.substring(0, change.indexOf('=')), change.substring(change.indexOf('=') + 1));
        }
        String user = config.remove("AS");
        if (user != null) {
            config.putAll(Map.of("connection.user", user, "connection.password", "known"));
        }
        if (config.containsKey("topics.regex")) {
            config.remove("topics");
        }
        return config;
    }

    /** What only the records tell is left to them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "topics.regex=.*",
                "topics=absent & transforms=route & transforms.route.type=x",
                "topics=absent & auto.create=true",
                "topics=absent & auto.create=true & table.name.format=second.${topic}",
                "topics=keyed & insert.mode=upsert & pk.mode=record_key & pk.fields=a,b",
                "topics=keyed & insert.mode=upsert & pk.mode=record_value",
                "topics=seen & insert.mode=upsert & pk.mode=record_key & pk.fields=id",
                "topics=ORDERS & quote.sql.identifiers=never & insert.mode=upsert & pk.mode=record_key & pk.fields=ID",
                "auto.evolve=true & pk.mode=kafka",
                "AS=stranger & topics=plain",
                "AS=stranger & topics=keyed & insert.mode=upsert & pk.mode=record_key & pk.fields=b,a",
            })
    void sinkThatMayWorkIsTaken(String changes) {
        assertThat(errors(new JdbcSinkConnector(), sink(changes))).isEmpty();
    }

    @Test
    void soundConfigurationHasNoError() {
        assertThat(errors(new JdbcSourceConnector(), source("batch.max.rows=10")))
                .isEmpty();
        assertThat(errors(new JdbcSinkConnector(), postgres.config("topics", "orders")))
                .isEmpty();
    }

    @Test
    void tablesAndColumnsThatThereAreAreRecommended() {
        assertThat(recommended(source("batch.max.rows=10"), "incrementing.column.name"))
                .containsExactly("id");
        assertThat(recommended(source("mode=timestamp & timestamp.column.name=nope"), "timestamp.column.name"))
                .containsExactly("at", "maybe", "other");
        assertThat(recommended(source("table.whitelist=nowhere"), "table.whitelist"))
                .contains("public.orders", "second.plain");
    }

    private static List<Object> recommended(Map<String, String> config, String key) {
        return new JdbcSourceConnector()
                .validate(config).configValues().stream()
                        .filter(value -> value.name().equals(key))
                        .findFirst()
                        .orElseThrow()
                        .recommendedValues();
    }

    /** As tools send them that fill in whatever is not set. */
    @Test
    void defaultsMayBeGiven() {
        assertThat(errors(
                        new JdbcSourceConnector(),
                        source("mode=bulk & exact.bounds=ALL & timestamp.delay.interval.ms=0 & table.types=TABLE")))
                .isEmpty();
    }

    /** What it passes over without a word, and its own defaults. */
    @Test
    void configurationOfConfluentsConnectorsIsTaken() {
        String name = "io.confluent.connect.jdbc.JdbcSourceConnector";
        assertThat(errors(
                        new JdbcSourceConnector(),
                        source("connector.class=" + name + " & mode=bulk & timestamp.delay.interval.ms=5"
                                + " & date.calendar.system=LEGACY")))
                .isEmpty();
        assertThat(errors(
                        new JdbcSinkConnector(),
                        postgres.config(
                                "topics",
                                "orders",
                                "date.timezone",
                                "DB_TIMEZONE",
                                "date.calendar.system",
                                "LEGACY",
                                "string.output.value.column.name",
                                "record_value")))
                .isEmpty();
    }

    @Test
    void columnOfAnUnknownTypeMayBeLeftOut() {
        assertThat(errors(new JdbcSourceConnector(), source("table.whitelist=odd & column.exclude.list=odd.p")))
                .isEmpty();
    }

    @Test
    void hostThatDoesNotAnswerDelaysValidationForSecondsOnly() {
        long began = System.nanoTime();

        // An address reserved for documentation (RFC 5737): packets to it vanish, or the network refuses it at once.
        List<String> errors = errors(new JdbcSourceConnector(), source("connection.url=jdbc:postgresql://192.0.2.1/x"));

        assertThat(errors).singleElement().asString().startsWith("connection.url: ");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
    }
}
