/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.StoredTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the publication as the options say, and sets replica identities. */
public final class Publication {

    private static final Logger LOGGER = LoggerFactory.getLogger(Publication.class);

    /** What a publication may have, and how {@code skipped.operations} calls it. */
    private static final List<String> OPERATIONS = List.of("insert", "update", "delete", "truncate");

    private static final List<String> LETTERS = List.of("c", "u", "d", "t");

    private static final String PUBLISHED = "SELECT n.nspname, c.relname FROM pg_publication_rel r"
            + " JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE p.pubname = ?";

    private final SlotOptions options;
    private final RowRules rules;
    private final Connection connection;

    public Publication(SlotOptions options, RowRules rules, Connection connection) {
        this.options = options;
        this.rules = rules;
        this.connection = connection;
    }

    /**
     * Leaves a publication that has the captured tables, as far as the options let it.
     *
     * @param captured tables, {@link #publishable} where it is made for them
     * @return those of them that it has now and had not before: some of their changes may not have been published
     * @throws ConnectException if it is not there and may not be made, saying what to do
     */
    public Set<TableName> ensure(List<StoredTable> captured) throws SQLException {
        List<TableName> tables = captured.stream().map(StoredTable::name).toList();
        setIdentities(tables);
        boolean there = exists();
        Set<TableName> before = effective();
        switch (options.autocreate()) {
            case DISABLED -> {
                if (!there) {
                    throw new ConnectException("there is no publication " + options.publication()
                            + ", and publication.autocreate.mode=disabled forbids to make it; run CREATE PUBLICATION "
                            + name() + " FOR TABLE …, or choose another mode");
                }
            }
            case ALL_TABLES -> {
                if (!there) {
                    create(" FOR ALL TABLES");
                }
            }
            case NO_TABLES -> {
                if (!there) {
                    create("");
                }
            }
            case FILTERED -> filtered(there, captured);
        }
        Set<TableName> now = effective();
        warnOfUnpublished(tables, now);
        warnOfUnchangeable(tables);
        Set<TableName> joined = new HashSet<>(tables);
        joined.retainAll(now);
        joined.removeAll(before);
        return joined;
    }

    /** Of these tables, those that can be published: only its owner may publish one, but one that somebody has published stays so. */
    public List<StoredTable> publishable(List<StoredTable> tables) throws SQLException {
        Set<TableName> there = published();
        return tables.stream()
                .filter(table -> table.isOurs() || there.contains(table.name()))
                .toList();
    }

    /** All tables whose changes are published, named in it or not. */
    private Set<TableName> effective() throws SQLException {
        return tables("SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?");
    }

    /** PostgreSQL refuses updates and deletions of published tables that have no replica identity: applications fail. */
    private void warnOfUnchangeable(List<TableName> tables) throws SQLException {
        List<TableName> unchangeable = new Catalogue(connection).unchangeable(tables);
        if (!unchangeable.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("tables", unchangeable)
                    .log(
                            "PostgreSQL refuses updates and deletions of these published tables, which have no replica identity; run "
                                    + unchangeable.stream()
                                            .map(table -> "ALTER TABLE " + table.sql() + " REPLICA IDENTITY FULL")
                                            .collect(Collectors.joining("; ")));
        }
    }

    /**
     * What captured tables do that the publication does not have, with the way out; null if that is nothing, or there is no publication.
     *
     * @param skipped {@code skipped.operations}: these are not missed
     */
    public static @Nullable String untold(Connection connection, SlotOptions options, List<String> skipped)
            throws SQLException {
        List<String> unpublished = unpublished(connection, options);
        List<String> missing = new ArrayList<>();
        List<String> letters = new ArrayList<>();
        for (int i = 0; i < OPERATIONS.size(); i++) {
            String letter = LETTERS.get(i);
            if (unpublished.contains(letter) || skipped.contains(letter)) {
                letters.add(letter);
            }
            if (unpublished.contains(letter) && !skipped.contains(letter)) {
                missing.add(OPERATIONS.get(i));
            }
        }
        return missing.isEmpty()
                ? null
                : "publication " + options.publication() + " does not publish " + String.join(", ", missing)
                        + ", and such changes would be missing without a word; run ALTER PUBLICATION "
                        + TableName.quoted(options.publication()) + " SET (publish = '" + String.join(", ", OPERATIONS)
                        + "'), or set skipped.operations=" + String.join(",", letters);
    }

    /** Operations that the publication does not have, as {@code skipped.operations} names them; none if it is not there. */
    public static List<String> unpublished(Connection connection, SlotOptions options) throws SQLException {
        List<String> unpublished = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT pubinsert, pubupdate, pubdelete, pubtruncate FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, options.publication());
            try (ResultSet rows = statement.executeQuery()) {
                boolean there = rows.next();
                for (int i = 0; there && i < LETTERS.size(); i++) {
                    if (!rows.getBoolean(i + 1)) {
                        unpublished.add(LETTERS.get(i));
                    }
                }
            }
        }
        return unpublished;
    }

    private void warnOfUnpublished(List<TableName> tables, Set<TableName> published) {
        List<TableName> missing =
                tables.stream().filter(table -> !published.contains(table)).toList();
        if (!missing.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("publication", options.publication())
                    .addKeyValue("tables", missing)
                    .log("changes of captured tables will not come, as the publication does not have them; run "
                            + adding(missing));
        }
    }

    private String adding(List<TableName> missing) {
        return "ALTER PUBLICATION " + name() + " ADD TABLE "
                + missing.stream().map(TableName::sql).collect(Collectors.joining(", "));
    }

    /**
     * Of these tables, those that a publication lacks which is there and which the connector will not give any: none of one that is
     * made, or kept so, for what is captured, nor of one that begins without tables and is filled later.
     */
    Set<TableName> missing(List<TableName> tables) throws SQLException {
        boolean asItIs = options.autocreate() == SlotOptions.Autocreate.DISABLED
                || options.autocreate() == SlotOptions.Autocreate.ALL_TABLES;
        if (!asItIs || !exists()) {
            return Set.of();
        }
        Set<TableName> missing = new TreeSet<>(tables);
        missing.removeAll(effective());
        return missing;
    }

    /** What is wrong with capturing tables that are {@link #missing}, with the way out. */
    String lacks(List<TableName> missing) {
        return "publication " + options.publication() + " does not have " + missing
                + ", so that their changes would not come; run " + adding(missing)
                + ", leave them out, or set publication.autocreate.mode=filtered";
    }

    private void filtered(boolean there, List<StoredTable> captured) throws SQLException {
        List<TableName> tables = captured.stream().map(StoredTable::name).toList();
        if (tables.isEmpty()) {
            throw new ConnectException(
                    "no table of the database is captured that the user owns, so there is nothing to publish;"
                            + " correct table.include.list or table.exclude.list, or own the tables");
        }
        RowFilters filters = new RowFilters(rules, connection);
        List<ServerCheck.Problem> wrong = filters.problems(tables, ReplicaIdentities.of(""));
        if (!wrong.isEmpty()) {
            throw new ConnectException(wrong.stream()
                    .map(problem -> problem.key() + ": " + problem.message())
                    .collect(Collectors.joining("; ")));
        }
        if (!there) {
            create(" FOR TABLE " + list(captured));
            return;
        }
        if (rules.filters().isEmpty()) {
            warnOfFilters();
        }
        // Not at each start: it takes locks, and has all sessions look at the tables anew.
        if (!new HashSet<>(tables).equals(published())
                || (!rules.filters().isEmpty() && !filters.areThose(filtersThereAre(), tables))) {
            setTables(captured);
        }
        if (options.viaRoot() != isViaRoot()) {
            run("ALTER PUBLICATION " + name() + " SET (publish_via_partition_root = " + options.viaRoot() + ")");
        }
    }

    /** SET takes only tables of our own, also where one of somebody else's is in the publication already. */
    private void setTables(List<StoredTable> captured) throws SQLException {
        List<StoredTable> ours = captured.stream().filter(StoredTable::isOurs).toList();
        if (ours.size() == captured.size()) {
            run("ALTER PUBLICATION " + name() + " SET TABLE " + list(ours));
            return;
        }
        Set<TableName> going = published();
        captured.stream()
                .filter(table -> !table.isOurs())
                .map(StoredTable::name)
                .forEach(going::remove);
        String add = ours.isEmpty() ? "" : "ALTER PUBLICATION " + name() + " ADD TABLE " + list(ours);
        String drop = going.isEmpty()
                ? ""
                : "ALTER PUBLICATION " + name() + " DROP TABLE "
                        + going.stream().map(TableName::sql).collect(Collectors.joining(", ")) + "; ";
        run(drop + add); // together, as one transaction
    }

    private String list(List<StoredTable> tables) {
        return tables.stream().map(StoredTable::name).map(this::published).collect(Collectors.joining(", "));
    }

    /** In the server's words. */
    private Map<TableName, String> filtersThereAre() throws SQLException {
        Map<TableName, String> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                PUBLISHED.replace("c.relname FROM", "c.relname, pg_get_expr(r.prqual, r.prrelid) FROM")
                        + " AND r.prqual IS NOT NULL")) {
            statement.setString(1, options.publication());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.put(new TableName(rows.getString(1), rows.getString(2)), rows.getString(3));
                }
            }
        }
        return found;
    }

    /** Somebody made them by hand, or they are left of an earlier configuration. */
    private void warnOfFilters() throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() < RowFilters.SINCE) {
            return;
        }
        Set<TableName> filtered = tables(PUBLISHED + " AND r.prqual IS NOT NULL");
        if (!filtered.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("publication", options.publication())
                    .addKeyValue("tables", filtered)
                    .log("the publication filters rows of these tables, though no " + RowRules.FILTER
                            + "* is set: their other rows are read, and their changes do not come");
        }
    }

    private String published(TableName table) {
        return table.sql()
                + rules.filter(table).map(each -> " WHERE (" + each + ")").orElse("");
    }

    private void create(String what) throws SQLException {
        run("CREATE PUBLICATION " + name() + what
                + (options.viaRoot() ? " WITH (publish_via_partition_root = true)" : ""));
    }

    /**
     * Null if partitions' changes will be published under the names that they are captured by, or there is no publication; else what is
     * wrong, with the way out.
     */
    public static @Nullable String otherwise(Connection connection, SlotOptions options, List<TableName> captured)
            throws SQLException {
        Publication publication = new Publication(options, RowRules.of(Map.of()), connection);
        if (options.autocreate() == SlotOptions.Autocreate.FILTERED
                || !publication.exists()
                || publication.isViaRoot() == options.viaRoot()
                || !new Catalogue(connection).havePartitions(captured, options.publication())) {
            return null;
        }
        String given = options.viaRoot() ? "partitions as their own" : "partitions as the table that they belong to";
        return "publication " + options.publication() + " publishes changes of " + given
                + ", and they would be missing; set publish.via.partition.root=" + !options.viaRoot()
                + ", or run ALTER PUBLICATION " + TableName.quoted(options.publication())
                + " SET (publish_via_partition_root = " + options.viaRoot() + ")";
    }

    private boolean isViaRoot() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT pubviaroot FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, options.publication());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private boolean exists() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM pg_publication WHERE pubname = ?")) {
            statement.setString(1, options.publication());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Tables named in the publication itself; none if it is not there. */
    public Set<TableName> published() throws SQLException {
        return tables(PUBLISHED);
    }

    /** @param query of schemas and tables of a publication, whose name it takes */
    private Set<TableName> tables(String query) throws SQLException {
        Set<TableName> tables = new TreeSet<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, options.publication());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(new TableName(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return tables;
    }

    private void setIdentities(List<TableName> tables) throws SQLException {
        ReplicaIdentities identities = ReplicaIdentities.of(options.replicaIdentities());
        if (identities.isEmpty()) {
            return;
        }
        Map<TableName, String> present = ReplicaIdentities.present(connection, tables);
        for (TableName table : tables) {
            String identity = identities.sql(table);
            // Not at each start: it waits for all who use the table, and has all wait who come.
            if (identity != null && !identity.equals(present.get(table))) {
                run("ALTER TABLE " + table.sql() + " REPLICA IDENTITY " + identity);
            }
        }
    }

    private void run(String sql) throws SQLException {
        if (Standby.is(connection)) {
            throw new ConnectException(
                    "the server is a standby, where nothing can be changed; run on its primary: " + sql);
        }
        LOGGER.atInfo().addKeyValue("sql", sql).log("changing the database for change capture");
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String name() {
        return TableName.quoted(options.publication());
    }
}
