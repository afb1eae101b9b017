/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.Postgres;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.StoredTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of publications of a real server. */
final class PublicationTest {

    private static final ConfigSpec<SlotOptions> SLOT = ConfigSpec.of(SlotOptions.class);

    /** A name that has to be quoted. */
    private static final String NAME = "Changes \"of\" all";

    private final Map<String, String> config = new HashMap<>();
    private Postgres postgres;

    @BeforeEach
    void makeDatabase() throws SQLException {
        postgres = Postgres.newDatabase();
        postgres.execute(
                "CREATE TABLE a (id int PRIMARY KEY, v text)",
                "CREATE SCHEMA \"odd one\"",
                "CREATE TABLE \"odd one\".\"B \"\"b\"\"\" (id int PRIMARY KEY, \"V\" text)");
        config.put("publication.name", NAME);
    }

    private static final TableName A = new TableName("public", "a");
    private static final TableName B = new TableName("odd one", "B \"b\"");

    private void ensure(String mode, TableName... tables) throws SQLException {
        config.put("publication.autocreate.mode", mode);
        try (Connection connection = postgres.connect()) {
            new Publication(SLOT.bind(options()), RowRules.of(config), connection)
                    .ensure(Arrays.stream(tables)
                            .map(each -> new StoredTable(each, 0, true))
                            .toList());
        }
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>(config);
        options.keySet().removeIf(key -> key.startsWith("publication.row.filter."));
        return options;
    }

    private List<String> published() throws SQLException {
        return postgres.rows("SELECT schemaname || '.' || tablename FROM pg_publication_tables WHERE pubname = '" + NAME
                + "' ORDER BY 1");
    }

    private List<String> publications() throws SQLException {
        return postgres.rows("SELECT pubname, puballtables, pubviaroot FROM pg_publication");
    }

    @Test
    void makesOneOfAllTablesAndLeavesOneThatIsThere() throws SQLException {
        ensure("all_tables", A);
        assertThat(publications()).containsExactly(NAME + ",t,f");
        ensure("all_tables", A, B);

        postgres.execute(
                "DROP PUBLICATION \"Changes \"\"of\"\" all\"", "CREATE PUBLICATION \"Changes \"\"of\"\" all\"");
        ensure("all_tables", A);
        assertThat(published()).as("somebody else's").isEmpty();
    }

    /** It takes locks, and has every session look at the tables anew. */
    @Test
    void leavesFiltersAloneThatAreThereAlready() throws SQLException {
        config.put("publication.row.filter.public.a", "id > 5 AND id in (7, 8) or mod(id, 7) <> 0");
        ensure("filtered", A, B);
        postgres.execute(
                "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'altered'; END $$",
                "CREATE EVENT TRIGGER unaltered ON ddl_command_start WHEN TAG IN ('ALTER PUBLICATION')"
                        + " EXECUTE FUNCTION refuse()");
        ensure("filtered", A, B);

        postgres.execute("DROP EVENT TRIGGER unaltered");
        config.put("publication.row.filter.public.a", "id > 6");
        ensure("filtered", A, B);
        assertThat(postgres.rows("SELECT rowfilter FROM pg_publication_tables WHERE tablename = 'a'"))
                .containsExactly("(id > 6)");
    }

    @Test
    void saysWhatAPublicationLacksUnlessThatIsSkipped() throws SQLException {
        assertThat(untold()).as("none there").isNull();
        postgres.execute(
                "CREATE PUBLICATION \"Changes \"\"of\"\" all\" FOR TABLE a WITH (publish = 'insert, truncate')");
        assertThat(untold("t"))
                .isEqualTo(
                        "publication Changes \"of\" all does not publish update, delete, and such changes would be missing"
                                + " without a word; run ALTER PUBLICATION \"Changes \"\"of\"\" all\" SET (publish = 'insert, update,"
                                + " delete, truncate'), or set skipped.operations=u,d,t");
        assertThat(untold("d")).contains("does not publish update,");
        assertThat(untold("u", "d")).isNull();
    }

    private @Nullable String untold(String... skipped) throws SQLException {
        try (Connection connection = postgres.connect()) {
            return Publication.untold(connection, SLOT.bind(options()), Arrays.asList(skipped));
        }
    }

    @Test
    void makesOneWithoutTables() throws SQLException {
        ensure("no_tables", A);
        assertThat(publications()).containsExactly(NAME + ",f,f");
        assertThat(published()).isEmpty();
    }

    @Test
    void makesNoneWhereThatIsForbidden() throws SQLException {
        assertThatThrownBy(() -> ensure("disabled", A))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("CREATE PUBLICATION \"Changes \"\"of\"\" all\"");
        assertThat(publications()).isEmpty();

        postgres.execute("CREATE PUBLICATION \"Changes \"\"of\"\" all\" FOR TABLE a");
        ensure("disabled", A, B);
        assertThat(published()).containsExactly("public.a");
    }

    @Test
    void keepsTheListOfTables() throws SQLException {
        ensure("filtered", A);
        assertThat(published()).containsExactly("public.a");
        ensure("filtered", A, B);
        assertThat(published()).containsExactly("odd one.B \"b\"", "public.a");
        ensure("filtered", B);
        assertThat(published()).containsExactly("odd one.B \"b\"");

        assertThatThrownBy(() -> ensure("filtered"))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("nothing to publish");
        assertThat(published()).containsExactly("odd one.B \"b\"");
    }

    @Test
    void publishesViaTheRootWhereAsked() throws SQLException {
        ensure("filtered", A);
        config.put("publish.via.partition.root", "true");
        ensure("filtered", A);
        assertThat(publications()).containsExactly(NAME + ",f,t");
        config.put("publish.via.partition.root", "false");
        ensure("filtered", A);
        assertThat(publications()).containsExactly(NAME + ",f,f");
    }

    @Test
    void setsReplicaIdentities() throws SQLException {
        postgres.execute("CREATE UNIQUE INDEX \"By V\" ON \"odd one\".\"B \"\"b\"\"\" (id, \"V\")");
        postgres.execute("ALTER TABLE \"odd one\".\"B \"\"b\"\"\" ALTER COLUMN \"V\" SET NOT NULL");
        config.put("replica.identity.autoset.values", "public.a:FULL");
        ensure("filtered", A, B);
        assertThat(identities()).containsExactly("B \"b\",d", "a,f");
        config.put("replica.identity.autoset.values", "public.a:NOTHING");
        ensure("filtered", B);
        assertThat(identities()).as("of captured tables only").containsExactly("B \"b\",d", "a,f");
    }

    /** It waits for all who use the table, and has all wait who come. */
    @Test
    void setsNoReplicaIdentityThatIsThere() throws SQLException {
        postgres.execute("ALTER TABLE a ALTER v SET NOT NULL", "CREATE UNIQUE INDEX \"By V\" ON a (v)");
        for (String identity : List.of("INDEX By_V", "FULL", "NOTHING", "DEFAULT")) {
            config.put("replica.identity.autoset.values", "public.a:" + identity);
            postgres.execute("ALTER INDEX IF EXISTS \"By V\" RENAME TO \"By_V\"");
            ensure("filtered", A);
            postgres.execute(
                    "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'altered'; END $$",
                    "CREATE EVENT TRIGGER unaltered ON ddl_command_start WHEN TAG IN ('ALTER TABLE')"
                            + " EXECUTE FUNCTION refuse()");
            ensure("filtered", A);
            postgres.execute("DROP EVENT TRIGGER unaltered", "DROP FUNCTION refuse");
        }
    }

    private List<String> identities() throws SQLException {
        return postgres.rows("SELECT relname, relreplident FROM pg_class WHERE relname IN ('a', 'B \"b\"') ORDER BY 1");
    }

    @Test
    void publishesTheRowsThatAFilterLetsThrough() throws SQLException {
        config.put("publication.row.filter.public.a", "id > 5");
        ensure("filtered", A, B);
        assertThat(filters()).containsExactly("B \"b\",null", "a,(id > 5)");

        config.put("publication.row.filter.public.a", "id > 7");
        config.put("publication.row.filter.odd one.B \"b\"", "id = 1 OR id = 2");
        ensure("filtered", A, B);
        assertThat(filters()).containsExactly("B \"b\",((id = 1) OR (id = 2))", "a,(id > 7)");

        config.remove("publication.row.filter.public.a");
        ensure("filtered", A, B);
        assertThat(filters()).containsExactly("B \"b\",((id = 1) OR (id = 2))", "a,null");
    }

    /** Whoever made them would not expect all rows. */
    @Test
    void leavesFiltersThatItDidNotMake() throws SQLException {
        postgres.execute("CREATE PUBLICATION \"Changes \"\"of\"\" all\" FOR TABLE a WHERE (id > 5)");
        ensure("filtered", A);
        assertThat(filters()).containsExactly("a,(id > 5)");
    }

    private List<String> filters() throws SQLException {
        return postgres.rows("SELECT c.relname, pg_get_expr(r.prqual, r.prrelid) FROM pg_publication_rel r"
                + " JOIN pg_class c ON c.oid = r.prrelid ORDER BY 1");
    }

    /** PostgreSQL would take it, and refuse the application's updates from then on. */
    @Test
    void refusesAFilterThatTheReplicaIdentityDoesNotHold() throws SQLException {
        config.put("publication.row.filter.public.a", "v = 'x' AND id > 5");
        assertThatThrownBy(() -> ensure("filtered", A))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("publication.row.filter.public.a")
                .hasMessageContaining("does not hold v;")
                .hasMessageContaining("ALTER TABLE \"public\".\"a\" REPLICA IDENTITY FULL");
        assertThat(publications()).isEmpty();

        config.put("replica.identity.autoset.values", "public.a:FULL");
        ensure("filtered", A);
        postgres.execute("INSERT INTO a VALUES (1, 'x')", "UPDATE a SET v = 'y'", "DELETE FROM a");
    }

    @Test
    void looksAtThePartitionsReplicaIdentitiesToo() throws SQLException {
        postgres.execute(
                "CREATE TABLE ev (id int, d int, v text, PRIMARY KEY (id, d)) PARTITION BY LIST (d)",
                "CREATE TABLE ev_1 PARTITION OF ev FOR VALUES IN (1)",
                "CREATE TABLE ev_2 PARTITION OF ev DEFAULT",
                "ALTER TABLE ev REPLICA IDENTITY FULL",
                "ALTER TABLE ev_1 REPLICA IDENTITY FULL");
        TableName ev = new TableName("public", "ev");
        config.put("publish.via.partition.root", "true");
        config.put("publication.row.filter.public.ev", "v = 'x'");
        assertThatThrownBy(() -> ensure("filtered", ev)).hasMessageContaining("does not hold v;");
        postgres.execute("ALTER TABLE ev_2 REPLICA IDENTITY FULL");
        ensure("filtered", ev);
        assertThat(filters()).containsExactly("ev,(v = 'x'::text)");
    }

    @Test
    void triesAgainWhereAFilterCannotBeLookedAt() throws SQLException {
        config.put("publication.row.filter.public.a", "id > 5");
        postgres.execute("ALTER DATABASE " + postgres.name() + " SET lock_timeout = '50ms'");
        try (Connection holding = postgres.begin()) {
            Postgres.execute(holding, "LOCK TABLE a");
            assertThatThrownBy(() -> ensure("filtered", A))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("lock timeout");
        }
    }

    @Test
    void namesAFilterOfNoTableAndOneThatIsNoCondition() throws SQLException {
        config.put("publication.row.filter.public.b", "id > 5");
        assertThatThrownBy(() -> ensure("filtered", A))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("publication.row.filter.public.b")
                .hasMessageContaining("no table of this name is captured");

        config.remove("publication.row.filter.public.b");
        config.put("publication.row.filter.public.a", "nothing > 5");
        assertThatThrownBy(() -> ensure("filtered", A))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("column \"nothing\" does not exist");
        assertThat(publications()).isEmpty();
    }
}
