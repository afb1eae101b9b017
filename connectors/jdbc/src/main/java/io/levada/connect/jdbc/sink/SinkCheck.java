/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.connection.ConnectFailure;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Looks at a live database whether the tables can be written to whose names are known before any record: they exist or may be created, the
 * user has the rights, and the key finds rows. For one look.
 */
public final class SinkCheck implements Database.ConnectionWork {

    /** A check looks at no more tables than this, to stay within the time of a request; the others are checked when written to. */
    private static final int TABLES_MAX = 100;

    private final SinkOptions options;
    private final Dialect dialect;
    private final Identifiers identifiers;
    private final Set<String> topics;

    /** @param topics whose records come as they are named, as far as known */
    public SinkCheck(SinkOptions options, Dialect dialect, Collection<String> topics) {
        this.options = options;
        this.dialect = dialect;
        this.identifiers = dialect.identifiers(options.quoting());
        this.topics = new LinkedHashSet<>(topics);
        if (options.tablesOfTopics().isEmpty() && !options.tableNameFormat().contains(TableNames.TOPIC)) {
            this.topics.add(options.tableNameFormat()); // Any topic goes to that table.
        }
    }

    @Override
    public Optional<ConnectFailure> on(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try {
            TableNames names = new TableNames(options, identifiers);
            TableStructures structures = new TableStructures(options, dialect, identifiers);
            for (String topic : topics.stream().limit(TABLES_MAX).toList()) {
                Optional<ConnectFailure> problem = problem(topic, names, structures, connection);
                if (problem.isPresent()) {
                    return problem;
                }
            }
            return Optional.empty();
        } finally {
            connection.rollback();
        }
    }

    private Optional<ConnectFailure> problem(
            String topic, TableNames names, TableStructures structures, Connection connection) throws SQLException {
        String key = options.tablesOfTopics().containsKey(topic) ? "topics.to.tables.mapping" : "table.name.format";
        try {
            TableId table = names.of(topic);
            TableId stored = identifiers.stored(table);
            Optional<TableStructures.Table> found = structures.find(table, connection);
            return found.isPresent()
                    ? ofTable(table, stored, found.get(), key, connection)
                    : ofMissing(table, stored, key, connection);
        } catch (ConnectException e) {
            return Optional.of(new ConnectFailure(key, String.valueOf(e.getMessage())));
        } catch (SQLException e) {
            if (!dialect.isForbidden(e)) {
                throw e;
            }
            return Optional.of(new ConnectFailure(key, "the table of topic " + topic + ": " + e.getMessage()));
        }
    }

    private Optional<ConnectFailure> ofMissing(TableId table, TableId stored, String key, Connection connection)
            throws SQLException {
        if (!options.autoCreate()) {
            return Optional.of(new ConnectFailure(
                    key, "there is no table " + table + "; create it, set auto.create=true, or correct " + key));
        }
        return dialect.createProblem(connection, stored)
                .map(problem -> new ConnectFailure(key, "table " + table + " cannot be created: " + problem));
    }

    private Optional<ConnectFailure> ofTable(
            TableId table, TableId stored, TableStructures.Table found, String key, Connection connection)
            throws SQLException {
        List<String> forbidden = dialect.forbidden(connection, stored, privileges());
        if (!forbidden.isEmpty()) {
            String rights = String.join(", ", forbidden);
            return Optional.of(new ConnectFailure(
                    key,
                    "the user has no right to " + rights + " on table " + table + ", which insert.mode="
                            + options.insertMode().name().toLowerCase(Locale.ROOT)
                            + (options.deleteEnabled() ? " with delete.enabled" : "") + " needs: GRANT " + rights
                            + " ON " + identifiers.sql(table) + " to the user of connection.user"));
        }
        return keyProblem(table, stored, found, connection).map(problem -> new ConnectFailure("pk.fields", problem));
    }

    /** What statements of these options need; they find rows by the key, which they read. */
    private List<String> privileges() {
        Set<String> needed = new LinkedHashSet<>();
        if (options.insertMode() != InsertMode.UPDATE) {
            needed.add("INSERT");
        }
        if (options.insertMode() != InsertMode.INSERT) {
            needed.addAll(List.of("UPDATE", "SELECT"));
        }
        if (options.deleteEnabled()) {
            needed.addAll(List.of("DELETE", "SELECT"));
        }
        if (options.truncateEnabled()) {
            needed.add("TRUNCATE");
        }
        return List.copyOf(needed);
    }

    private Optional<String> keyProblem(
            TableId table, TableId stored, TableStructures.Table found, Connection connection) throws SQLException {
        List<String> keys = keys();
        List<String> missing = keys.stream()
                .filter(column -> !found.columns().containsKey(column))
                .toList();
        boolean finds = options.insertMode() != InsertMode.INSERT || options.deleteEnabled();
        // A column that may be added finds no row, unless each is to be new.
        if (!missing.isEmpty() && (finds || !options.autoEvolve())) {
            return Optional.of("table " + table + " has no column " + String.join(", ", missing)
                    + " for the key; its columns are " + found.columns().keySet());
        }
        boolean upserts = options.insertMode() == InsertMode.UPSERT && !keys.isEmpty();
        return upserts && !dialect.findsRowBy(keys, stored, connection)
                ? Optional.of(Preparation.withoutKey(table, keys))
                : Optional.empty();
    }

    /** Empty where only the records tell. */
    private List<String> keys() {
        List<String> named = options.pkFields().isEmpty() && options.pkMode() == PkMode.KAFKA
                ? ChangeMapper.KAFKA_FIELDS
                : options.pkFields();
        return named.stream().map(identifiers::stored).toList();
    }
}
