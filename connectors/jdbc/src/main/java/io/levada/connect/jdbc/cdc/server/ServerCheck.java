/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.NamePatterns;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.SelectionOptions;
import io.levada.connect.jdbc.cdc.table.StoredTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before a connector is made, whether its server, user and tables are ready for change capture; changes nothing. */
public final class ServerCheck {

    private static final Logger LOGGER = LoggerFactory.getLogger(ServerCheck.class);

    private static final String HOST = "database.hostname";
    private static final String USER = "database.user";
    private static final String TABLES = "table.include.list";

    private final ServerOptions server;
    private final SlotOptions slot;
    private final SelectionOptions selection;
    private final RowRules rows;
    private final List<String> skipped;
    private final boolean streams;
    private final @Nullable Reading reading;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param skipped operations that become no events
     * @param streams false for a connector that ends after its snapshot, which needs neither slot nor publication
     * @param reading makes what reads the tables, each of which is tried; null for none
     */
    public ServerCheck(
            ServerOptions server,
            SlotOptions slot,
            SelectionOptions selection,
            RowRules rows,
            List<String> skipped,
            boolean streams,
            @Nullable Reading reading) {
        this.server = server;
        this.slot = slot;
        this.selection = selection;
        this.rows = rows;
        this.skipped = skipped;
        this.streams = streams;
        this.reading = reading;
    }

    /** Makes what reads tables. */
    @FunctionalInterface
    public interface Reading {
        /** @param connection for the catalogue */
        Tables tables(Connection connection) throws SQLException;
    }

    /**
     * What is wrong.
     *
     * @param key to show it under
     * @param message with what to run or change
     */
    public record Problem(String key, String message) {}

    /** Connects and looks; gives all that is wrong, nothing if all is well. Blocks for some seconds at most. */
    public List<Problem> problems() {
        try (Connection connection = new Connections(server, "levada-cdc-check").open()) {
            if (streams) {
                checkServer(connection);
                checkSlot(connection);
            }
            checkTables(connection);
        } catch (SQLException e) {
            problems.add(unreachable(e));
        } catch (ConnectException e) {
            problems.add(new Problem("slot.name", String.valueOf(e.getMessage())));
        }
        return problems;
    }

    private Problem unreachable(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "28P01" ->
                new Problem(
                        "database.password",
                        "the server at " + server + " refused the password of user " + server.user()
                                + "; check database.user and database.password");
            case "28000" ->
                new Problem(
                        USER,
                        "the server at " + server + " does not let user " + server.user() + " in (" + e.getMessage()
                                + "); create the role or allow it in pg_hba.conf");
            case "3D000" ->
                new Problem(
                        "database.dbname",
                        "there is no database " + server.database() + " at " + server
                                + "; create it or correct the name");
            default ->
                new Problem(HOST, "cannot ask the server at " + server + ": " + e.getMessage() + " [" + state + "]");
        };
    }

    private void checkServer(Connection connection) throws SQLException {
        String level = text(connection, "SHOW wal_level");
        if (!level.equals("logical")) {
            problems.add(
                    new Problem(
                            HOST,
                            "the server at " + server + " has wal_level=" + level
                                    + ", so its log does not tell of rows; run ALTER SYSTEM SET wal_level = logical, and restart it"));
        }
        int version = connection.getMetaData().getDatabaseMajorVersion();
        if (version < Standby.DECODES_SINCE && Standby.is(connection)) {
            problems.add(new Problem(
                    HOST,
                    "the server at " + server + " is a standby of PostgreSQL " + version
                            + ", and changes can be captured from one since " + Standby.DECODES_SINCE
                            + "; name its primary instead"));
        }
        if (!slot.pluginParams().isEmpty() && version < StreamParams.SINCE) {
            problems.add(new Problem(
                    "slot.stream.params",
                    "slot.stream.params has no meaning to the server, which is PostgreSQL " + version
                            + ": it knows origin since " + StreamParams.SINCE + "; leave it out"));
        }
        if (slot.failover() && version < Slot.FAILOVER_SINCE) {
            LOGGER.atWarn()
                    .addKeyValue("version", version)
                    .log("slot.failover has no effect: standbys keep slots since PostgreSQL " + Slot.FAILOVER_SINCE);
        }
        boolean mayReplicate = is(
                connection,
                "SELECT rolsuper OR rolreplication OR EXISTS (SELECT 1 FROM pg_roles g WHERE g.rolname IN"
                        + " ('rds_replication', 'azure_pg_admin', 'cloudsqlsuperuser') AND pg_has_role(current_user, g.oid, 'MEMBER'))"
                        + " FROM pg_roles WHERE rolname = current_user");
        if (!mayReplicate) {
            problems.add(new Problem(
                    USER,
                    "user " + server.user() + " may not replicate; run ALTER ROLE " + TableName.quoted(server.user())
                            + " REPLICATION"));
        }
    }

    private void checkSlot(Connection connection) throws SQLException {
        Optional<Slot.State> found = new Slot(slot).find(connection);
        boolean there = found.isPresent();
        if (!(there && found.get().active())
                && is(
                        connection,
                        "SELECT count(*) >= current_setting('max_wal_senders')::int FROM pg_stat_replication")) {
            problems.add(new Problem(
                    "slot.name",
                    "the server has no connection left for replication (max_wal_senders="
                            + text(connection, "SHOW max_wal_senders")
                            + "); end one that nobody needs (SELECT * FROM pg_stat_replication), or raise the setting and restart"
                            + " the server"));
        }
        if (!there
                && is(
                        connection,
                        "SELECT count(*) >= current_setting('max_replication_slots')::int FROM pg_replication_slots")) {
            problems.add(new Problem(
                    "slot.name",
                    "the server has no slot left (max_replication_slots="
                            + text(connection, "SHOW max_replication_slots")
                            + "); drop one that nobody uses (SELECT * FROM pg_replication_slots), or raise the setting and restart"
                            + " the server"));
        }
        String untold = Publication.untold(connection, slot, skipped);
        // One that the connector is not to make is as somebody wants it, and then the task says what it lacks.
        if (untold != null && slot.autocreate() != SlotOptions.Autocreate.DISABLED) {
            problems.add(new Problem("publication.name", untold));
        }
        boolean published = exists(connection, "SELECT 1 FROM pg_publication WHERE pubname = ?", slot.publication());
        String publication = TableName.quoted(slot.publication());
        if (!published && slot.autocreate() == SlotOptions.Autocreate.DISABLED) {
            problems.add(new Problem(
                    "publication.name",
                    "there is no publication " + slot.publication()
                            + ", and publication.autocreate.mode=disabled forbids to"
                            + " make it; run CREATE PUBLICATION " + publication
                            + " FOR TABLE …, or choose another mode"));
        } else if (!published && Standby.is(connection)) {
            problems.add(new Problem(
                    "publication.name",
                    "the server is a standby, where publication " + slot.publication()
                            + " cannot be made; run CREATE PUBLICATION " + publication
                            + " FOR TABLE … on its primary"));
        } else if (!published
                && slot.autocreate() == SlotOptions.Autocreate.ALL_TABLES
                && !is(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
            problems.add(new Problem(
                    "publication.autocreate.mode",
                    "only a superuser can make a publication for all tables; set publication.autocreate.mode=filtered, or have a"
                            + " superuser run CREATE PUBLICATION " + publication + " FOR ALL TABLES"));
        } else if (!published && !is(connection, "SELECT has_database_privilege(current_database(), 'CREATE')")) {
            problems.add(new Problem(
                    "publication.name",
                    "user " + server.user() + " may not make publication " + slot.publication()
                            + "; run GRANT CREATE ON"
                            + " DATABASE " + TableName.quoted(server.database()) + " TO "
                            + TableName.quoted(server.user()) + ", or make it"));
        }
    }

    private void checkTables(Connection connection) throws SQLException {
        Selection chosen = new Selection(selection);
        List<StoredTable> stored = new Catalogue(connection).stored(chosen, slot.viaRoot());
        List<TableName> tables = stored.stream().map(StoredTable::name).toList();
        String otherwise = streams ? Publication.otherwise(connection, slot, tables) : null;
        if (otherwise != null) {
            problems.add(new Problem("publish.via.partition.root", otherwise));
        }
        List<StoredTable> unpublishable = new ArrayList<>(stored);
        unpublishable.removeAll(new Publication(slot, rows, connection).publishable(stored));
        List<String> foreign =
                unpublishable.stream().map(each -> each.name().sql()).toList();
        if (tables.isEmpty() && slot.autocreate() == SlotOptions.Autocreate.FILTERED) {
            problems.add(new Problem(
                    TABLES,
                    "no table of database " + server.database() + " is captured, so there is nothing to publish"));
        }
        for (TableName root : new Catalogue(connection).rootsWithoutPartitions(chosen, slot.viaRoot())) {
            problems.add(new Problem(
                    TABLES,
                    root
                            + " is partitioned, and none of its partitions is captured; set publish.via.partition.root=true, or name"
                            + " its partitions too"));
        }
        problems.addAll(
                new RowFilters(rows, connection).problems(tables, ReplicaIdentities.of(slot.replicaIdentities())));
        warnOfUnchangeable(new Catalogue(connection).unchangeable(tables));
        checkColumns(connection, tables);
        List<String> unreadable = new ArrayList<>();
        List<String> hidden = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT n.nspname, c.relname, has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE'),"
                        + " row_security_active(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE" + Catalogue.NAMED + " ORDER BY 1, 2")) {
            Catalogue.name(statement, tables);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    TableName table = new TableName(rows.getString(1), rows.getString(2));
                    if (!rows.getBoolean(3)) {
                        unreadable.add(table.sql());
                    }
                    if (rows.getBoolean(4)) {
                        hidden.add(table.sql());
                    }
                }
            }
        }
        if (!unreadable.isEmpty()) {
            problems.add(new Problem(
                    TABLES,
                    "user " + server.user() + " may not read " + String.join(", ", unreadable)
                            + "; run GRANT SELECT ON " + String.join(", ", unreadable) + " TO "
                            + TableName.quoted(server.user())));
        }
        if (!hidden.isEmpty()) {
            problems.add(new Problem(
                    USER,
                    "row-level security hides rows of " + String.join(", ", hidden) + " from user " + server.user()
                            + "; run ALTER ROLE " + TableName.quoted(server.user()) + " BYPASSRLS"));
        }
        if (streams && otherwise == null) {
            checkPublished(connection, tables);
        }
        if (!foreign.isEmpty() && streams && slot.autocreate() == SlotOptions.Autocreate.FILTERED) {
            problems.add(new Problem(
                    "publication.autocreate.mode",
                    "only the owner of a table can publish it, and user " + server.user() + " does not own "
                            + String.join(", ", foreign) + "; leave them out by table.exclude.list, make "
                            + server.user()
                            + " a member of their owner's role, or have a superuser put all captured tables into"
                            + " publication " + TableName.quoted(slot.publication())
                            + " (CREATE PUBLICATION … FOR TABLE …) and set publication.autocreate.mode=disabled"));
        }
    }

    /**
     * Of a publication that the connector takes as it is, whoever made it may mean to leave tables out; but not all that somebody
     * has named.
     */
    private void checkPublished(Connection connection, List<TableName> tables) throws SQLException {
        Publication publication = new Publication(slot, rows, connection);
        Set<TableName> missing = publication.missing(tables);
        NamePatterns named = NamePatterns.of(selection.tablesIn())
                .unmatched(tables.stream()
                        .filter(table -> !missing.contains(table))
                        .map(TableName::toString)
                        .toList());
        List<TableName> unpublished = missing.stream()
                .filter(table -> named.matches(table.toString()))
                .toList();
        if (!unpublished.isEmpty()) {
            problems.add(new Problem(TABLES, publication.lacks(unpublished)));
        }
    }

    private void checkColumns(Connection connection, List<TableName> tables) throws SQLException {
        if (reading == null) {
            return;
        }
        Tables read = reading.tables(connection);
        try {
            List<CapturedTable> unused = read.current(tables);
        } catch (OptionException ignored) { // of one table, and each may be wrong
            for (TableName table : tables) {
                checkColumns(read, table);
            }
        }
    }

    private void checkColumns(Tables read, TableName table) throws SQLException {
        try {
            CapturedTable unused = read.current(table);
        } catch (OptionException e) {
            problems.add(new Problem(e.key(), String.valueOf(e.getMessage())));
        }
    }

    /** Whether such a table is ever updated, its owner knows; so this forbids nothing. */
    private void warnOfUnchangeable(List<TableName> tables) {
        boolean autoset = !slot.replicaIdentities().isBlank();
        if (streams && !autoset && !tables.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("tables", tables)
                    .log(
                            "PostgreSQL will refuse updates and deletions of these tables as soon as they are published, since they have"
                                    + " neither a primary key nor a replica identity; set replica.identity.autoset.values, or run "
                                    + tables.stream()
                                            .map(table -> "ALTER TABLE " + table.sql() + " REPLICA IDENTITY FULL")
                                            .collect(Collectors.joining("; ")));
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static boolean is(Connection connection, String query) throws SQLException {
        return text(connection, query).equals("t");
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() && rows.getString(1) != null ? rows.getString(1) : "";
        }
    }
}
