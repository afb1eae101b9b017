/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a configuration before a connector is made of it. */
final class CdcValidationTest {

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)");
    }

    private Map<String, List<String>> problems() {
        Map<String, List<String>> problems = new TreeMap<>();
        new PostgresCdcSourceConnector()
                .validate(cdc.config).configValues().stream()
                        .filter(value -> !value.errorMessages().isEmpty())
                        .forEach(value -> problems.put(value.name(), value.errorMessages()));
        return problems;
    }

    @Test
    void findsNothingWrong() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void knowsTheKeysThatNoDefinitionCanList() {
        List<String> families = List.of(
                "column.truncate.to.3.chars",
                "column.mask.with.6.chars",
                "column.mask.hash.SHA-256.with.salt.x",
                "column.mask.hash.v2.SHA-256.with.salt.x",
                "column.propagate.source.type",
                "datatype.propagate.source.type",
                "publication.row.filter.public.t",
                "snapshot.select.statement.overrides.public.t");
        families.forEach(key -> cdc.config.put(key, "public\\.t\\.name"));

        assertThat(new PostgresCdcSourceConnector().validate(cdc.config).configValues())
                .extracting(ConfigValue::name)
                .containsAll(families);
    }

    /** What users of Debezium set, though most of it is the default there. */
    @Test
    void takesAConfigurationOfDebeziums() {
        cdc.config.putAll(Map.of(
                "topic.naming.strategy", "io.debezium.schema.SchemaTopicNamingStrategy",
                "schema.name.adjustment.mode", "none",
                "snapshot.locking.mode", "none",
                "snapshot.isolation.mode", "Repeatable_Read",
                "snapshot.fetch.size", "10240",
                "xmin.fetch.interval.ms", "0",
                "lsn.flush.mode", "connector",
                "converters", "",
                "event.processing.failure.handling.mode", "fail",
                "table.ignore.builtin", "true"));
        assertThat(problems()).isEmpty();
    }

    @Test
    void looksAtTheReplicaIdentityOfAFilteredTable() throws SQLException {
        cdc.postgres.execute("ALTER TABLE t ADD COLUMN v int");
        cdc.config.put("publication.row.filter.public.t", "v > 1");
        assertThat(problems().toString()).contains("does not hold v; run ALTER TABLE");
        cdc.config.put("replica.identity.autoset.values", "public.t:FULL");
        assertThat(problems()).isEmpty();
    }

    /** Whoever made a publication may leave tables out that a pattern takes, but not all of it. */
    @ParameterizedTest
    @ValueSource(strings = {"disabled", "all_tables"})
    void namesTablesThatAPublicationOfTheUsersLacks(String mode) throws SQLException {
        cdc.postgres.execute(
                "CREATE TABLE u (id int PRIMARY KEY)",
                "CREATE PUBLICATION " + cdc.config.get("publication.name") + " FOR TABLE t");
        cdc.config.put("publication.autocreate.mode", mode);
        assertThat(problems()).as("of a pattern").isEmpty();

        cdc.config.put("table.include.list", "public\\.t,public\\.u{1\\,1}");
        assertThat(problems()).containsOnlyKeys("table.include.list");
        assertThat(problems().toString())
                .contains("does not have [public.u]")
                .contains("ADD TABLE \"public\".\"u\"")
                .contains("publication.autocreate.mode=filtered");
        cdc.config.put("publication.autocreate.mode", "filtered");
        assertThat(problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "database.password, wrong, database.password, refused the password",
        "database.dbname, nowhere, database.dbname, there is no database nowhere",
        "database.port, 1, database.hostname, cannot ask the server",
        "table.include.list, public\\.nothing, table.include.list, nothing to publish",
        "table.include.list, (, table.include.list, regular expressions",
        "publication.autocreate.mode, disabled, publication.name, CREATE PUBLICATION",
        "slot.name, Not A Slot, slot.name, small letters",
        "skipped.operations, x, skipped.operations, 'c, u, d and t'",
        "message.key.columns, orders, message.key.columns, 'table:column'",
        "replica.identity.autoset.values, t:SOME, replica.identity.autoset.values, table:FULL",
        "column.mask.with.many.chars, a, column, is none of",
        "column.mask.hash.ROT13.with.salt.x, a, column, ROT13",
        "table.exclude.list, x, table.exclude.list, table.include.list",
        "snapshot.mode, sometimes, snapshot.mode, initial_only",
        "plugin.name, decoderbufs, plugin.name, pgoutput",
        "converters, isbn, converters, use transforms",
        "custom.metric.tags, a=b, custom.metric.tags, metrics are tagged by connector",
        "database.server.name, shop, database.server.name, use topic.prefix",
        "table.whitelist, public.t, table.whitelist, use table.include.list",
        "post.processors, r, post.processors, reselect.unavailable.values=true",
        "topic.naming.strategy, com.example.Mine, topic.naming.strategy, SchemaUnicodeTopicNamingStrategy",
        "lsn.flush.mode, manual, lsn.flush.mode, set it to connector or connector_and_driver",
        "offset.mismatch.strategy, trust_slot, offset.mismatch.strategy, snapshot.mode=recovery",
        "event.processing.failure.handling.mode, skip, event.processing.failure.handling.mode, no change is passed over",
        "snapshot.mode, configuration_based, snapshot.mode, start.stream",
        "slot.stream.params, proto_version=4, slot.stream.params, may only have origin",
        "publication.row.filter.public.t, nothing > 1, publication.row.filter.public.t, does not exist",
        "publication.row.filter.public.x, id > 1, publication.row.filter.public.x, captured are [public.t]",
        "snapshot.select.statement.overrides, public.t, snapshot.select.statement.overrides.public.t, must be set",
    })
    void namesTheKeyAndTheWayOut(String key, String value, String told, String message) {
        cdc.config.put(key, value);
        assertThat(problems())
                .containsOnlyKeys(told)
                .allSatisfy((name, messages) -> assertThat(messages)
                        .anySatisfy(text -> assertThat(text).contains(message).doesNotContain("wrong")));
    }

    @Test
    void refusesAPublicationThatLacksWhatIsToBeTold() throws SQLException {
        cdc.postgres.execute("CREATE PUBLICATION " + cdc.config.get("publication.name")
                + " FOR TABLE t WITH (publish = 'insert, delete')");
        assertThat(problems().toString()).contains("does not publish update, and", "SET (publish = '");
        cdc.config.put("publication.autocreate.mode", "disabled");
        assertThat(problems()).as("it is the user's").isEmpty();
        cdc.config.put("publication.autocreate.mode", "filtered");
        cdc.config.put("skipped.operations", "u,t");
        assertThat(problems()).isEmpty();
    }

    /** It would tell of transactions when they are prepared, and may still be rolled back. */
    @Test
    void refusesASlotForTwoPhases() throws SQLException {
        cdc.postgres.execute("SELECT pg_create_logical_replication_slot('" + cdc.config.get("slot.name")
                + "', 'pgoutput', false, true)");
        assertThat(problems()).containsOnlyKeys("slot.name");
        assertThat(problems().toString()).contains("two_phase", "SELECT pg_drop_replication_slot('");
    }

    @Test
    void tellsWhatAUserLacks() throws SQLException {
        String user = "plain_" + cdc.postgres.name();
        cdc.postgres.execute("CREATE ROLE " + user + " LOGIN PASSWORD 'p'", "ALTER TABLE t ENABLE ROW LEVEL SECURITY");
        cdc.config.put("database.user", user);
        cdc.config.put("database.password", "p");
        assertThat(problems().toString())
                .contains("ALTER ROLE \"" + user + "\" REPLICATION")
                .contains("GRANT SELECT ON \"public\".\"t\" TO \"" + user + "\"")
                .contains("GRANT CREATE ON DATABASE")
                .contains("ALTER ROLE \"" + user + "\" BYPASSRLS")
                .contains("only the owner of a table can publish it");
    }

    @Test
    void refusesAPublicationThatTellsPartitionsOtherwise() throws SQLException {
        cdc.postgres.execute(
                "CREATE TABLE ev (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d)",
                "CREATE TABLE ev_1 PARTITION OF ev DEFAULT",
                "CREATE PUBLICATION " + cdc.config.get("publication.name")
                        + " FOR ALL TABLES WITH (publish_via_partition_root = true)");
        cdc.config.put("publication.autocreate.mode", "disabled");
        cdc.config.put("table.include.list", "public\\.t");
        assertThat(problems()).as("no partition is captured").isEmpty();
        cdc.config.put("table.include.list", "public\\..*");
        assertThat(problems()).containsOnlyKeys("publish.via.partition.root");
        assertThat(problems().toString()).contains("SET (publish_via_partition_root = false)");
        cdc.config.put("publish.via.partition.root", "true");
        assertThat(problems()).isEmpty();

        String publication = cdc.config.get("publication.name");
        cdc.postgres.execute(
                "DROP PUBLICATION " + publication,
                "CREATE PUBLICATION " + publication + " FOR TABLE t WITH (publish_via_partition_root = true)");
        cdc.config.put("publish.via.partition.root", "false");
        assertThat(problems()).as("no partition is published").doesNotContainKey("publish.via.partition.root");
    }

    @Test
    void tellsOfAPartitionedTableOfWhichNoPartitionIsCaptured() throws SQLException {
        cdc.postgres.execute(
                "CREATE TABLE ev (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d)",
                "CREATE TABLE ev_1 PARTITION OF ev DEFAULT");
        cdc.config.put("table.include.list", "public\\.(t|ev)");
        assertThat(problems().toString())
                .contains("public.ev is partitioned")
                .contains("publish.via.partition.root=true");

        cdc.config.put("publish.via.partition.root", "true");
        assertThat(problems()).isEmpty();
        cdc.config.put("publish.via.partition.root", "false");
        cdc.config.put("table.include.list", "public\\..*");
        assertThat(problems()).isEmpty();
    }
}
