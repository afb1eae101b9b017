/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.postgres;

import io.levada.connect.jdbc.dialect.BulkLoad;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.CommitLookup;
import io.levada.connect.jdbc.dialect.ConnectProblem;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.DriverName;
import io.levada.connect.jdbc.dialect.DriverProperties;
import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.Merge;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.OpenTransactions;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.RowTarget;
import io.levada.connect.jdbc.dialect.ServerFilled;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.TemporalKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.core.QueryExecutor;

/** PostgreSQL 14 and later. */
public final class PostgresDialect implements Dialect {

    private static final int NAME_BYTES_MAX = 63;

    private static final Names NAMES = new Names('"', '"', Names.Folding.LOWER, NAME_BYTES_MAX, true, false);

    /** undefined_table, invalid_schema_name. */
    private static final Set<String> MISSING = Set.of("42P01", "3F000");

    /** duplicate_table, duplicate_column, unique_violation in the catalog: another task was faster. */
    private static final Set<String> ALREADY_THERE = Set.of("42P07", "42701", "23505");

    private static final String FEATURE_NOT_SUPPORTED = "0A000";

    /** No others: of some the driver makes texts that are not the server's. */
    private static final Set<Integer> READ_IN_BINARY =
            Set.of(Oid.INT2, Oid.INT4, Oid.INT8, Oid.FLOAT4, Oid.FLOAT8, Oid.TIMESTAMP, Oid.TIMESTAMPTZ, Oid.BYTEA);

    private static final int ALWAYS_BINARY = -1;

    /** So many executions until a plan is kept on the server; 0, which means the same, is the user's word: for a pooler, for instance. */
    private static final String NEVER = String.valueOf(Integer.MAX_VALUE);

    /** 4714 BC and 4713 BC, as years are counted with a year 0. */
    private static final int FIRST_YEAR = -4713;

    private static final int FIRST_YEAR_OF_THE_DRIVER = -4712;

    private static final DateTimeFormatter BEFORE_CHRIST =
            DateTimeFormatter.ofPattern("yyyy-MM-dd[ HH:mm:ss.SSSSSS][XXX] G", Locale.ENGLISH);

    private static final Set<String> JSON_TYPES = Set.of("json", "jsonb");

    @Override
    public Names names() {
        return NAMES;
    }

    @Override
    public JdbcUrl url(String text) {
        return PostgresUrl.parse(text);
    }

    @Override
    public DriverName driver(JdbcUrl url) {
        return new DriverName("org.postgresql.Driver", "org.postgresql:postgresql");
    }

    @Override
    public DriverProperties userProperties() {
        return new DriverProperties(PostgresUrl.ALLOWED, DriverProperties.ANY);
    }

    @Override
    public Map<String, String> readingProperties() {
        return Map.of(
                "ApplicationName",
                PostgresTransactions.READER_NAME,
                // A plan kept on the server fails once a column is added; nullability kept in the driver grows stale.
                "prepareThreshold",
                NEVER,
                "preparedStatementCacheQueries",
                "0",
                "databaseMetadataCacheFields",
                "0",
                "tcpKeepAlive",
                "true");
    }

    /** In binary, which is neither written as text nor parsed; the driver asks for that only where a statement is kept on the server. */
    @Override
    public void expectRows(PreparedStatement statement) throws SQLException {
        QueryExecutor executor =
                statement.getConnection().unwrap(BaseConnection.class).getQueryExecutor();
        PGStatement pg = statement.unwrap(PGStatement.class);
        if (pg.getPrepareThreshold() == 0 || !executor.useBinaryForReceive(Oid.INT4)) {
            return; // prepareThreshold=0 or binaryTransfer=false, in the URL or as an option
        }
        executor.setBinaryReceiveOids(READ_IN_BINARY);
        pg.setPrepareThreshold(ALWAYS_BINARY);
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
    public Map<String, String> timeLimits(Duration connect, Duration answer) {
        return Map.of(
                "loginTimeout", String.valueOf(connect.toSeconds()),
                "connectTimeout", String.valueOf(connect.toSeconds()),
                // Whole seconds, of which none would mean no limit.
                "socketTimeout", String.valueOf(answer.plusMillis(999).toSeconds()));
    }

    /** The driver itself sets the style of dates and the digits of floats. */
    @Override
    public Optional<String> sessionBegin(ZoneId zone) {
        return Optional.of(
                "SET TIME ZONE " + timeZone(zone) + "; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'");
    }

    /** An offset that is no interval counts the other way round. */
    private static String timeZone(ZoneId zone) {
        ZoneId normalized = zone.normalized();
        if (normalized.equals(ZoneOffset.UTC)) {
            return "'UTC'";
        }
        return (normalized instanceof ZoneOffset ? "INTERVAL '" : "'") + normalized.getId() + "'";
    }

    @Override
    public ConnectProblem connectProblem(SQLException failure) {
        return switch (String.valueOf(failure.getSQLState())) {
            case "28P01" -> ConnectProblem.PASSWORD;
            case "28000" -> ConnectProblem.USER;
            case "3D000" -> ConnectProblem.DATABASE;
            case "08001", "08006" -> ConnectProblem.UNREACHABLE;
            default -> ConnectProblem.OTHER;
        };
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        return Optional.of(new PostgresReaders(options).of(column));
    }

    @Override
    public TemporalKind temporal(Column column) {
        return switch (column.typeName()) {
            case "date" -> TemporalKind.DATE;
            case "time" -> TemporalKind.TIME;
            case "timestamp" -> TemporalKind.TIMESTAMP;
            case "timestamptz" -> TemporalKind.TIMESTAMP_WITH_ZONE;
            default -> TemporalKind.NONE;
        };
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
    public Optional<OpenTransactions> openTransactions() {
        return Optional.of(new PostgresTransactions());
    }

    @Override
    public OptionalLong estimatedRows(Connection connection, TableId table, String sql) throws SQLException {
        return PostgresStatistics.estimatedRows(connection, sql);
    }

    @Override
    public Optional<List<String>> quantiles(Connection connection, String table, String column, int parts, long rows)
            throws SQLException {
        return Optional.of(PostgresStatistics.quantiles(connection, table, column, parts, rows));
    }

    /** Without a type of its own it is of the column's type. */
    @Override
    public void bindKey(PreparedStatement statement, int index, String key) throws SQLException {
        statement.setObject(index, key, Types.OTHER);
    }

    @Override
    public String upsert(RowTarget target) {
        return insert(target) + onConflict(target);
    }

    static String onConflict(RowTarget target) {
        return Merge.onConflict("", target);
    }

    /** The driver makes minus infinity of what lies before the year 4713 BC, where the server's own range goes some days further. */
    @Override
    public void bind(PreparedStatement statement, int index, Column column, @Nullable Object value)
            throws SQLException {
        if (value instanceof TemporalAccessor moment
                && moment.isSupported(ChronoField.YEAR)
                && moment.get(ChronoField.YEAR) < FIRST_YEAR_OF_THE_DRIVER
                && moment.get(ChronoField.YEAR) >= FIRST_YEAR) {
            statement.setString(index, BEFORE_CHRIST.format(moment));
        } else {
            Dialect.super.bind(statement, index, column, value);
        }
    }

    @Override
    public String insert(RowTarget target) {
        return "INSERT INTO " + target.table() + " (" + RowTarget.join(target.columns(), ", ", target::sql) + ")"
                + overriding(target) + " VALUES (" + RowTarget.join(target.columns(), ", ", this::placeholder) + ")";
    }

    /** Numbers that records bring are written, also where the server would make them itself. */
    static String overriding(RowTarget target) {
        return target.columns().stream().anyMatch(Column::autoIncrement) ? " OVERRIDING SYSTEM VALUE" : "";
    }

    /** A table to which a foreign key refers cannot be truncated, whatever is in it. */
    @Override
    public void deleteAll(Connection connection, String table) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE TABLE " + table);
        } catch (SQLException e) {
            if (!FEATURE_NOT_SUPPORTED.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            Dialect.super.deleteAll(connection, table);
        }
        connection.releaseSavepoint(before);
    }

    @Override
    public Object array(Column column, List<?> elements) {
        return PostgresText.array(elements, PostgresTypeNames.delimiter(column));
    }

    @Override
    public Optional<BulkLoad> bulkLoad(Connection connection) throws SQLException {
        return Optional.of(new PostgresBulk(connection));
    }

    @Override
    public Optional<CommitLookup> commitLookup() {
        return Optional.of(new PostgresCommits());
    }

    @Override
    public Optional<String> checkConstraintsAtOnce() {
        return Optional.of("SET CONSTRAINTS ALL IMMEDIATE");
    }

    /** Of the table that the search path leads to. */
    @Override
    public Optional<String> kind(Connection connection, TableId table) throws SQLException {
        Optional<TableId> found = PostgresRelations.found(connection, table, sql(table));
        return found.isEmpty() ? Optional.empty() : Dialect.super.kind(connection, found.get());
    }

    @Override
    public boolean findsRowBy(Collection<String> keys, TableId table, Connection connection) throws SQLException {
        return PostgresRelations.hasKey(connection, sql(table), keys);
    }

    @Override
    public List<String> forbidden(Connection connection, TableId table, List<String> privileges) throws SQLException {
        return PostgresRelations.forbidden(connection, sql(table), privileges);
    }

    @Override
    public Optional<String> createProblem(Connection connection, TableId table) throws SQLException {
        return PostgresRelations.createProblem(connection, table.schema());
    }

    /** Of names as the server stores them. */
    private String sql(TableId table) {
        return identifiers(Quoting.ALWAYS).sql(table);
    }

    @Override
    public ServerFilled serverFilled(Connection connection, TableId table, String sql) throws SQLException {
        return PostgresServerFilled.of(connection, sql);
    }

    @Override
    public boolean holdsJson(Column column) {
        return JSON_TYPES.contains(column.typeName());
    }

    @Override
    public Optional<Column> element(Column column) {
        return PostgresTypeNames.isArray(column) ? Optional.of(PostgresTypeNames.element(column)) : Optional.empty();
    }

    @Override
    public Optional<String> columnType(Schema schema, boolean key) {
        return PostgresColumnTypes.of(schema);
    }

    @Override
    public List<String> addColumns(String table, List<String> columns) {
        return List.of("ALTER TABLE " + table + " "
                + columns.stream()
                        .map(column -> "ADD COLUMN IF NOT EXISTS " + column)
                        .collect(Collectors.joining(", ")));
    }

    @Override
    public boolean isMissingTable(SQLException failure) {
        return MISSING.contains(String.valueOf(failure.getSQLState()));
    }

    @Override
    public boolean isAlreadyThere(SQLException failure) {
        return ALREADY_THERE.contains(String.valueOf(failure.getSQLState()));
    }

    /** JSON's and other operators hold some. */
    @Override
    public String questionMark() {
        return "??";
    }

    @Override
    public Optional<String> incarnation(Connection connection, String table) throws SQLException {
        // A partitioned table has no file of its own, but its partitions have.
        String sql = "SELECT coalesce(CASE c.relkind WHEN 'p' THEN (SELECT string_agg(p.relid::oid || '.'"
                + " || coalesce(pg_relation_filenode(p.relid), 0), ',') FROM pg_partition_tree(c.oid) p WHERE p.isleaf)"
                + " ELSE c.oid || '.' || coalesce(pg_relation_filenode(c.oid), 0) END, c.oid::text)"
                + " FROM pg_class c WHERE c.oid = to_regclass(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }
}
