/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.sqlserver;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.ColumnTypes;
import io.levada.connect.jdbc.dialect.ConnectProblem;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.DriverName;
import io.levada.connect.jdbc.dialect.DriverProperties;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.Merge;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.RowTarget;
import io.levada.connect.jdbc.dialect.StandardReaders;
import io.levada.connect.jdbc.dialect.Statistics;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.TemporalCells;
import io.levada.connect.jdbc.dialect.TemporalKind;
import io.levada.connect.jdbc.dialect.VendorCodes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Microsoft SQL Server. */
public final class SqlServerDialect implements Dialect {

    private static final Names NAMES = new Names('[', ']', Names.Folding.NONE, 128, false, true)
            .ignoringCaseOfTables()
            .reachingCatalogs();

    private static final ColumnTypes TYPES = types("NVARCHAR(MAX)", "VARBINARY(MAX)");

    /** A key has at most 900 bytes, and is told from others by each of them. */
    private static final ColumnTypes KEY_TYPES =
            types("NVARCHAR(450) COLLATE Latin1_General_100_BIN2", "VARBINARY(900)");

    /** Deadlock, lock timeout, and what Azure says while it moves a database or has too much to do. */
    private static final VendorCodes CODES = new VendorCodes(
            Set.of(1205, 1222, 3960, 4060, 10_928, 10_929, 40_197, 40_501, 40_613, 49_918, 49_919, 49_920),
            // Null, duplicate, constraint, truncation, conversion, out of range, overflow.
            Set.of(515, 2601, 2627, 547, 2628, 8152, 241, 242, 245, 8114, 8115, 220, 248, 8169, 9420));

    /** Types whose text form is their value. */
    private static final Set<String> TEXT = Set.of("uniqueidentifier", "xml");

    /** Types that the driver gives as numbers of its own, or as classes of its own. */
    private static final Set<String> UNKNOWN = Set.of("sql_variant", "geography", "geometry", "hierarchyid", "vector");

    /** Of the heap, or of the clustered index: every user may see them for tables that it may read. */
    private static final String ROWS =
            "SELECT SUM(rows) FROM sys.partitions WHERE object_id = OBJECT_ID(?) AND index_id IN (0, 1)";

    private static ColumnTypes types(String text, String bytes) {
        return new ColumnTypes(
                Map.of(
                        // TINYINT has no negative numbers.
                        Schema.Type.INT8, "SMALLINT",
                        Schema.Type.INT16, "SMALLINT",
                        Schema.Type.INT32, "INT",
                        Schema.Type.INT64, "BIGINT",
                        Schema.Type.FLOAT32, "REAL",
                        Schema.Type.FLOAT64, "FLOAT",
                        Schema.Type.BOOLEAN, "BIT",
                        Schema.Type.STRING, text,
                        Schema.Type.BYTES, bytes),
                "DECIMAL(38,%d)",
                38,
                "DATE",
                "TIME(3)",
                "DATETIME2(3)");
    }

    @Override
    public Names names() {
        return NAMES;
    }

    @Override
    public JdbcUrl url(String text) {
        return SqlServerUrl.parse(text);
    }

    @Override
    public DriverName driver(JdbcUrl url) {
        return new DriverName("com.microsoft.sqlserver.jdbc.SQLServerDriver", "com.microsoft.sqlserver:mssql-jdbc");
    }

    @Override
    public DriverProperties userProperties() {
        return new DriverProperties(SqlServerUrl.ALLOWED, SqlServerUrl.VALUE);
    }

    @Override
    public Map<String, String> readingProperties() {
        return Map.of("applicationName", "levada-jdbc-source", "responseBuffering", "adaptive");
    }

    @Override
    public Map<String, String> writingProperties() {
        return Map.of("applicationName", "levada-jdbc-sink");
    }

    @Override
    public Map<String, String> timeLimits(Duration connect, Duration answer) {
        Map<String, String> limits = new HashMap<>(Map.of("loginTimeout", String.valueOf(connect.toSeconds())));
        if (!answer.isZero()) {
            limits.put("socketTimeout", String.valueOf(answer.toMillis()));
        }
        return limits;
    }

    @Override
    public FailureKind failureKind(SQLException failure) {
        return CODES.kind(failure);
    }

    /** Permission denied on an object, or on a column. */
    @Override
    public boolean isForbidden(SQLException failure) {
        return failure.getErrorCode() == 229 || failure.getErrorCode() == 230;
    }

    @Override
    public ConnectProblem connectProblem(SQLException failure) {
        return switch (failure.getErrorCode()) {
            case 18_456 -> ConnectProblem.PASSWORD;
            case 4060 -> ConnectProblem.DATABASE;
            case 18_470, 18_486, 18_488 -> ConnectProblem.USER;
            default ->
                String.valueOf(failure.getSQLState()).startsWith("08")
                        ? ConnectProblem.UNREACHABLE
                        : ConnectProblem.OTHER;
        };
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        String type = type(column);
        StandardReaders standard = new StandardReaders(options);
        if (UNKNOWN.contains(type)) {
            return Optional.empty();
        }
        if (TEXT.contains(type)) {
            return Optional.of(StandardReaders.text(column));
        }
        return switch (type) {
            case "tinyint" -> Optional.of(ColumnReader.of(SchemaBuilder.int16(), column, ResultSet::getShort));
            case "datetimeoffset" ->
                Optional.of(standard.moment(
                        column, new TemporalCells(options.zone(), options.timestampGranularity())::timestampWithZone));
            default -> standard.of(column);
        };
    }

    /** Identity columns are called {@code int identity}. */
    private static String type(Column column) {
        return column.typeName().toLowerCase(Locale.ROOT).replace(" identity", "");
    }

    @Override
    public TemporalKind temporal(Column column) {
        return type(column).equals("datetimeoffset")
                ? TemporalKind.TIMESTAMP_WITH_ZONE
                : StandardReaders.temporal(column);
    }

    /**
     * A datetime counts in thirds of a hundredth of a second, of which the driver shows milliseconds: what was read as .003 is more than
     * that to the server, and what was read as .007 less, unless both are compared as datetime.
     */
    @Override
    public String momentParameter(Column column) {
        return type(column).equals("datetime") ? "CAST(? AS datetime)" : "?";
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT SYSUTCDATETIME()")) {
            rows.next();
            return rows.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        }
    }

    @Override
    public OptionalLong estimatedRows(Connection connection, TableId table, String sql) throws SQLException {
        return Statistics.number(connection, ROWS, sql);
    }

    /** HOLDLOCK keeps another from inserting the same key between the look and the insertion. */
    @Override
    public String upsert(RowTarget target) {
        String row = "SELECT "
                + RowTarget.join(target.columns(), ", ", column -> placeholder(column) + " AS " + target.sql(column));
        return Merge.of(target.table() + " WITH (HOLDLOCK) AS existing", row, target) + ";";
    }

    @Override
    public boolean holdsJson(Column column) {
        return type(column).equals("json");
    }

    @Override
    public Optional<String> columnType(Schema schema, boolean key) {
        return (key ? KEY_TYPES : TYPES).of(schema);
    }

    @Override
    public Optional<String> literal(@Nullable Object value) {
        if (value instanceof Boolean flag) {
            return Optional.of(flag ? "1" : "0");
        }
        return value instanceof String
                ? Dialect.super.literal(value).map(text -> "N" + text)
                : Dialect.super.literal(value);
    }

    @Override
    public String createTable(String table, List<String> lines) {
        return "CREATE TABLE " + table + " (" + String.join(", ", lines) + ")";
    }

    @Override
    public List<String> addColumns(String table, List<String> columns) {
        return List.of("ALTER TABLE " + table + " ADD " + String.join(", ", columns));
    }

    /** Conflict with a constraint, of which it has one code for foreign keys and others. */
    @Override
    public boolean isMissingReference(SQLException failure) {
        return failure.getErrorCode() == 547;
    }

    /** Invalid object name, schema that does not exist. */
    @Override
    public boolean isMissingTable(SQLException failure) {
        return failure.getErrorCode() == 208 || failure.getErrorCode() == 2760;
    }

    /** An object of that name exists, column names must be unique. */
    @Override
    public boolean isAlreadyThere(SQLException failure) {
        return failure.getErrorCode() == 2714 || failure.getErrorCode() == 2705;
    }
}
