/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.mysql;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.ColumnTypes;
import io.levada.connect.jdbc.dialect.ConnectProblem;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.DriverName;
import io.levada.connect.jdbc.dialect.DriverProperties;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.RowTarget;
import io.levada.connect.jdbc.dialect.ServerFilled;
import io.levada.connect.jdbc.dialect.StandardReaders;
import io.levada.connect.jdbc.dialect.Statistics;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.TemporalCells;
import io.levada.connect.jdbc.dialect.TemporalKind;
import io.levada.connect.jdbc.dialect.VendorCodes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB. What they call a database is a {@link TableId#schema()} here, as it stands before the table's name in SQL.
 *
 * <p>Sessions are in UTC, so that a TIMESTAMP column is a moment; a DATETIME has no zone.
 */
public final class MySqlDialect implements Dialect {

    private static final Names NAMES = new Names('`', '`', Names.Folding.NONE, 64, false, true);

    private static final ColumnTypes TYPES =
            new ColumnTypes(types("LONGTEXT", "LONGBLOB"), "DECIMAL(65,%d)", 30, "DATE", "TIME(3)", "DATETIME(3)");

    /** Text and bytes without a length cannot be keys, and text is one key in any case but for this collation. */
    private static final ColumnTypes KEY_TYPES = new ColumnTypes(
            types("VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "VARBINARY(255)"),
            "DECIMAL(65,%d)",
            30,
            "DATE",
            "TIME(3)",
            "DATETIME(3)");

    /** Lock wait timeout, deadlock, too many connections, server shutdown, lost, killed and idle connections, interrupted and too long. */
    private static final VendorCodes CODES = new VendorCodes(
            Set.of(1205, 1213, 1040, 1053, 1203, 1226, 1290, 1317, 1792, 1927, 1969, 2006, 2013, 3024, 3100, 4031),
            // Null, no default, truncated, wrong value, out of range, too long, duplicate, foreign key, check, bad
            // JSON, packet.
            Set.of(
                    1048, 1364, 1265, 1366, 1292, 1264, 1406, 1062, 1586, 1216, 1217, 1451, 1452, 3819, 4025, 3140,
                    3141, 1153, 1411, 1416, 1690, 1367));

    private static Map<Schema.Type, String> types(String text, String bytes) {
        return Map.of(
                Schema.Type.INT8, "TINYINT",
                Schema.Type.INT16, "SMALLINT",
                Schema.Type.INT32, "INT",
                Schema.Type.INT64, "BIGINT",
                Schema.Type.FLOAT32, "FLOAT",
                Schema.Type.FLOAT64, "DOUBLE",
                Schema.Type.BOOLEAN, "BOOLEAN",
                Schema.Type.STRING, text,
                Schema.Type.BYTES, bytes);
    }

    @Override
    public Names names() {
        return NAMES;
    }

    @Override
    public JdbcUrl url(String text) {
        return MySqlUrl.parse(text);
    }

    @Override
    public DriverName driver(JdbcUrl url) {
        return url.withoutProperties().startsWith(MySqlUrl.MYSQL)
                ? new DriverName("com.mysql.cj.jdbc.Driver", "com.mysql:mysql-connector-j")
                : new DriverName("org.mariadb.jdbc.Driver", "org.mariadb.jdbc:mariadb-java-client");
    }

    /** Each driver passes over properties that only the other knows. */
    private static Map<String, String> properties(String sessionVariables) {
        Map<String, String> properties = new HashMap<>();
        properties.put("sessionVariables", "time_zone='+00:00'" + sessionVariables);
        properties.put("connectionTimeZone", "UTC");
        // The server's answers must not make us read files or objects of its choice.
        properties.put("allowLoadLocalInfile", "false");
        properties.put("allowLocalInfile", "false");
        properties.put("allowUrlInLocalInfile", "false");
        properties.put("autoDeserialize", "false");
        properties.put("allowMultiQueries", "false");
        // TINYINT(1) holds more than true and false, and YEAR is no date.
        properties.put("tinyInt1isBit", "false");
        properties.put("yearIsDateType", "false");
        // Values come in binary form, in which a FLOAT keeps all its digits.
        properties.put("useServerPrepStmts", "true");
        properties.put("tcpKeepAlive", "true");
        return properties;
    }

    @Override
    public DriverProperties userProperties() {
        return new DriverProperties(MySqlUrl.ALLOWED, DriverProperties.ANY);
    }

    @Override
    public Map<String, String> readingProperties() {
        Map<String, String> properties = properties("");
        properties.put("useCursorFetch", "true");
        return Map.copyOf(properties);
    }

    @Override
    public Map<String, String> writingProperties() {
        // Without strict mode, the server cuts values to fit and says nothing.
        Map<String, String> properties =
                properties(",sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'");
        properties.put("rewriteBatchedStatements", "true");
        return Map.copyOf(properties);
    }

    @Override
    public Map<String, String> timeLimits(Duration connect, Duration answer) {
        return Map.of(
                "connectTimeout", String.valueOf(connect.toMillis()),
                "socketTimeout", String.valueOf(answer.toMillis()));
    }

    @Override
    public FailureKind failureKind(SQLException failure) {
        return CODES.kind(failure);
    }

    /** Command denied for a table, or for a column. */
    @Override
    public boolean isForbidden(SQLException failure) {
        return failure.getErrorCode() == 1142 || failure.getErrorCode() == 1143;
    }

    @Override
    public ConnectProblem connectProblem(SQLException failure) {
        return switch (failure.getErrorCode()) {
            case 1045 -> ConnectProblem.PASSWORD;
            case 1044, 1130 -> ConnectProblem.USER;
            case 1049 -> ConnectProblem.DATABASE;
            default ->
                String.valueOf(failure.getSQLState()).startsWith("08")
                        ? ConnectProblem.UNREACHABLE
                        : ConnectProblem.OTHER;
        };
    }

    @Override
    public List<Found> tables(
            Connection connection, @Nullable String catalog, @Nullable String schemaPattern, List<String> kinds)
            throws SQLException {
        String wanted = catalog == null && schemaPattern == null ? connection.getCatalog() : catalog;
        List<Found> found = new ArrayList<>();
        for (Found each : Dialect.super.tables(connection, wanted, null, kinds)) {
            TableId table = each.table();
            if (schemaPattern == null || like(schemaPattern, String.valueOf(table.catalog()))) {
                found.add(new Found(new TableId(null, table.catalog(), table.name()), each.kind()));
            }
        }
        return found;
    }

    private static boolean like(String pattern, String name) {
        return name.matches(("\\Q" + pattern.replace("%", "\\E.*\\Q").replace("_", "\\E.\\Q") + "\\E"));
    }

    @Override
    public Optional<String> kind(Connection connection, TableId table) throws SQLException {
        return Dialect.super.kind(connection, asCatalog(connection, table));
    }

    @Override
    public List<String> primaryKey(Connection connection, TableId table) throws SQLException {
        return Dialect.super.primaryKey(connection, asCatalog(connection, table));
    }

    @Override
    public ServerFilled serverFilled(Connection connection, TableId table, String sql) throws SQLException {
        return Dialect.super.serverFilled(connection, asCatalog(connection, table), sql);
    }

    private static TableId asCatalog(Connection connection, TableId table) throws SQLException {
        return new TableId(table.schema() == null ? connection.getCatalog() : table.schema(), null, table.name());
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        return new MySqlReaders(options).of(column);
    }

    @Override
    public TemporalKind temporal(Column column) {
        return column.typeName().equals("TIMESTAMP")
                ? TemporalKind.TIMESTAMP_WITH_ZONE
                : StandardReaders.temporal(column);
    }

    @Override
    public @Nullable Instant instant(ResultSet rows, int index, Column column, ZoneId zone) throws SQLException {
        LocalDateTime local = MySqlReaders.local(rows, index);
        return local == null ? null : TemporalCells.moment(local, zoneOf(column, zone));
    }

    @Override
    public void bindInstant(PreparedStatement statement, int index, Column column, ZoneId zone, Instant value)
            throws SQLException {
        statement.setObject(index, LocalDateTime.ofInstant(value, zoneOf(column, zone)));
    }

    private ZoneId zoneOf(Column column, ZoneId zone) {
        return temporal(column) == TemporalKind.TIMESTAMP_WITH_ZONE ? ZoneOffset.UTC : zone;
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT UTC_TIMESTAMP(6)")) {
            rows.next();
            return rows.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        }
    }

    @Override
    public OptionalLong estimatedRows(Connection connection, TableId table, String sql) throws SQLException {
        TableId stored = asCatalog(connection, table);
        return Statistics.number(
                connection,
                "SELECT table_rows FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
                String.valueOf(stored.catalog()),
                stored.name());
    }

    @Override
    public String upsert(RowTarget target) {
        List<Column> set = target.updated().isEmpty() ? target.keys() : target.updated();
        return insert(target) + " ON DUPLICATE KEY UPDATE "
                + RowTarget.join(set, ", ", column -> target.sql(column) + " = VALUES(" + target.sql(column) + ")");
    }

    /** It goes by the table's unique keys, of which one must be within those keys. */
    @Override
    public boolean findsRowBy(Collection<String> keys, TableId table, Connection connection) throws SQLException {
        TableId found = asCatalog(connection, table);
        Map<String, Boolean> within = new HashMap<>();
        try (ResultSet rows = connection.getMetaData().getIndexInfo(found.catalog(), null, found.name(), true, false)) {
            while (rows.next()) {
                String column = rows.getString("COLUMN_NAME");
                within.merge(
                        rows.getString("INDEX_NAME"),
                        // An index of an expression has no column.
                        column != null && keys.stream().anyMatch(column::equalsIgnoreCase),
                        Boolean::logicalAnd);
            }
        }
        return within.containsValue(true) || (within.isEmpty() && isView(found, connection));
    }

    /** One of a table with a unique key goes by that, which nobody tells. */
    private static boolean isView(TableId found, Connection connection) throws SQLException {
        try (ResultSet rows =
                connection.getMetaData().getTables(found.catalog(), null, found.name(), new String[] {"VIEW"})) {
            return rows.next();
        }
    }

    @Override
    public void bind(PreparedStatement statement, int index, Column column, @Nullable Object value)
            throws SQLException {
        if (value instanceof OffsetDateTime moment) {
            statement.setObject(index, moment.atZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
        } else {
            Dialect.super.bind(statement, index, column, value);
        }
    }

    @Override
    public boolean holdsJson(Column column) {
        return column.typeName().equals("JSON");
    }

    @Override
    public Optional<String> columnType(Schema schema, boolean key) {
        return (key ? KEY_TYPES : TYPES).of(schema);
    }

    @Override
    public Optional<String> literal(@Nullable Object value) {
        // TEXT has no literal defaults.
        return value instanceof String ? Optional.empty() : Dialect.super.literal(value);
    }

    @Override
    public List<String> addColumns(String table, List<String> columns) {
        return List.of("ALTER TABLE " + table + " "
                + columns.stream().map(column -> "ADD COLUMN " + column).collect(Collectors.joining(", ")));
    }

    /** Cannot add or update a child row, cannot delete or update a parent row. */
    @Override
    public boolean isMissingReference(SQLException failure) {
        return List.of(1216, 1217, 1451, 1452).contains(failure.getErrorCode());
    }

    /** No such table, unknown database. */
    @Override
    public boolean isMissingTable(SQLException failure) {
        return failure.getErrorCode() == 1146 || failure.getErrorCode() == 1049;
    }

    /** Table exists, duplicate column. */
    @Override
    public boolean isAlreadyThere(SQLException failure) {
        return failure.getErrorCode() == 1050 || failure.getErrorCode() == 1060;
    }
}
