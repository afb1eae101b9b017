/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** PostgreSQL 13 and later. */
public final class PostgresDialect implements Dialect {

    @Override
    public Map<String, String> readingProperties() {
        return Map.of(
                "ApplicationName",
                PostgresTransactions.READER_NAME,
                // A plan kept on the server fails once a column is added; nullability kept in the driver grows stale.
                "prepareThreshold",
                "0",
                "preparedStatementCacheQueries",
                "0",
                "databaseMetadataCacheFields",
                "0",
                "tcpKeepAlive",
                "true");
    }

    @Override
    public Map<String, String> writingProperties() {
        return Map.of(
                "ApplicationName",
                "levada-jdbc-sink",
                // Text may become uuid, jsonb, an enum or whatever else the column is: the server decides.
                "stringtype",
                "unspecified",
                "reWriteBatchedInserts",
                "true",
                // The detail of an error holds values, which do not belong into logs.
                "logServerErrorDetail",
                "false",
                "tcpKeepAlive",
                "true");
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        return new PostgresReaders(options).of(column);
    }

    @Override
    public boolean isTimestamp(Column column) {
        return column.typeName().equals("timestamp") || hasZone(column);
    }

    private static boolean hasZone(Column column) {
        return column.typeName().equals("timestamptz");
    }

    @Override
    public @Nullable Instant instant(ResultSet rows, int index, Column column, ZoneId zone) throws SQLException {
        return TemporalCells.instant(rows, index, hasZone(column), zone);
    }

    @Override
    public void bindInstant(PreparedStatement statement, int index, Column column, ZoneId zone, Instant value)
            throws SQLException {
        statement.setObject(
                index,
                hasZone(column)
                        ? OffsetDateTime.ofInstant(value, ZoneOffset.UTC)
                        : LocalDateTime.ofInstant(value, zone));
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT clock_timestamp()")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    @Override
    public Set<String> openTransactions(Connection connection, @Nullable String table, TransactionScope scope)
            throws SQLException {
        return PostgresTransactions.open(connection, table, scope);
    }

    @Override
    public Set<String> stillOpen(Connection connection, Set<String> transactions) throws SQLException {
        return PostgresTransactions.stillOpen(connection, transactions);
    }

    @Override
    public Optional<String> columnType(Schema schema) {
        return PostgresColumnTypes.of(schema);
    }

    @Override
    public String upsert(String table, Identifiers identifiers, List<String> keys, List<String> others) {
        List<String> all = new ArrayList<>(keys);
        all.addAll(others);
        String marks = all.stream().map(name -> "?").collect(Collectors.joining(", "));
        String action = others.isEmpty()
                ? "NOTHING"
                : "UPDATE SET "
                        + others.stream()
                                .map(identifiers::sql)
                                .map(name -> name + " = EXCLUDED." + name)
                                .collect(Collectors.joining(", "));
        return "INSERT INTO " + table + " (" + identifiers.list(all, "") + ") VALUES (" + marks + ") ON CONFLICT ("
                + identifiers.list(keys, "") + ") DO " + action;
    }
}
