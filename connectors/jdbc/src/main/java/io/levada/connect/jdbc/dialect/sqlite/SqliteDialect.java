/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.sqlite;

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
import io.levada.connect.jdbc.dialect.TemporalCells;
import io.levada.connect.jdbc.dialect.TemporalKind;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** SQLite. Columns have the types that they were declared with, and a value that is none of its column's is refused. */
public final class SqliteDialect implements Dialect {

    private static final Names NAMES = new Names('"', '"', Names.Folding.NONE, 0, false, true).ignoringCaseOfTables();

    /** Decimals are text, since SQLite would make floating-point numbers of them. */
    private static final ColumnTypes TYPES = new ColumnTypes(
            Map.of(
                    Schema.Type.INT8, "INTEGER",
                    Schema.Type.INT16, "INTEGER",
                    Schema.Type.INT32, "INTEGER",
                    Schema.Type.INT64, "INTEGER",
                    Schema.Type.FLOAT32, "REAL",
                    Schema.Type.FLOAT64, "REAL",
                    Schema.Type.BOOLEAN, "BOOLEAN",
                    Schema.Type.STRING, "TEXT",
                    Schema.Type.BYTES, "BLOB"),
            "TEXT",
            Integer.MAX_VALUE,
            "DATE",
            "TIME",
            "TIMESTAMP");

    // SQLite's result codes (its manual, rescode.html); the extended ones have these in their lowest byte.
    private static final int PERMISSION = 3;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int FULL = 13;
    private static final int CANNOT_OPEN = 14;
    private static final int TOO_BIG = 18;
    private static final int CONSTRAINT = 19;
    private static final int MISMATCH = 20;
    private static final int NOT_A_DATABASE = 26;

    @Override
    public Names names() {
        return NAMES;
    }

    @Override
    public JdbcUrl url(String text) {
        return SqliteUrl.parse(text);
    }

    @Override
    public DriverName driver(JdbcUrl url) {
        return new DriverName("org.sqlite.JDBC", "org.xerial:sqlite-jdbc");
    }

    @Override
    public DriverProperties userProperties() {
        return new DriverProperties(SqliteUrl.ALLOWED, SqliteUrl.VALUE);
    }

    @Override
    public Map<String, String> readingProperties() {
        return Map.of(
                // SQLITE_OPEN_READWRITE: no new file is made where there is none.
                "open_mode", "2",
                "enable_load_extension", "false",
                // ATTACH would open other files.
                "limit_attached", "0",
                "busy_timeout", "5000");
    }

    @Override
    public Map<String, String> writingProperties() {
        return readingProperties();
    }

    @Override
    public Map<String, String> timeLimits(Duration connect, Duration answer) {
        return readingProperties();
    }

    @Override
    public FailureKind failureKind(SQLException failure) {
        return FailureKind.of(failure, link -> switch (code(link)) {
            case BUSY, LOCKED, FULL -> FailureKind.RETRIABLE;
            case TOO_BIG, CONSTRAINT, MISMATCH -> FailureKind.DATA;
            default -> FailureKind.FATAL;
        });
    }

    private static int code(SQLException failure) {
        return failure.getErrorCode() & 0xff;
    }

    @Override
    public ConnectProblem connectProblem(SQLException failure) {
        return switch (code(failure)) {
            case CANNOT_OPEN, NOT_A_DATABASE -> ConnectProblem.DATABASE;
            case PERMISSION -> ConnectProblem.USER;
            default -> ConnectProblem.OTHER;
        };
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        return new SqliteReaders(options).of(column);
    }

    @Override
    public TemporalKind temporal(Column column) {
        return switch (column.typeName().toUpperCase(Locale.ROOT)) {
            case "DATE" -> TemporalKind.DATE;
            case "TIME" -> TemporalKind.TIME;
            case "TIMESTAMP", "DATETIME" -> TemporalKind.TIMESTAMP;
            default -> TemporalKind.NONE;
        };
    }

    @Override
    public @Nullable Instant instant(ResultSet rows, int index, Column column, ZoneId zone) throws SQLException {
        LocalDateTime local = SqliteMoments.read(rows, index);
        return local == null ? null : TemporalCells.moment(SqliteMoments.asCompared(local), zone);
    }

    @Override
    public String comparable(String column) {
        return SqliteMoments.comparable(column);
    }

    @Override
    public Optional<String> unreadable(String column) {
        return Optional.of(column + " IS NOT NULL AND " + comparable(column) + " IS NULL");
    }

    @Override
    public void bindInstant(PreparedStatement statement, int index, Column column, ZoneId zone, Instant value)
            throws SQLException {
        statement.setString(index, SqliteMoments.compared(LocalDateTime.ofInstant(value, zone)));
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + SqliteMoments.comparable("'now'"))) {
            rows.next();
            return SqliteMoments.parse(rows.getString(1)).toInstant(ZoneOffset.UTC);
        }
    }

    @Override
    public String upsert(RowTarget target) {
        return Merge.onConflict(insert(target), target);
    }

    /** Dates and times are text in ISO 8601 with a space, as SQLite's own functions write them. */
    @Override
    public void bind(PreparedStatement statement, int index, Column column, @Nullable Object value)
            throws SQLException {
        if (value instanceof LocalDate || value instanceof LocalTime || value instanceof BigDecimal) {
            statement.setString(index, value instanceof BigDecimal number ? number.toPlainString() : value.toString());
        } else if (value instanceof LocalDateTime moment) {
            statement.setString(index, SqliteMoments.text(moment));
        } else if (value instanceof OffsetDateTime moment) {
            statement.setString(
                    index,
                    SqliteMoments.text(
                            moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
        } else {
            Dialect.super.bind(statement, index, column, value);
        }
    }

    @Override
    public boolean holdsJson(Column column) {
        return column.typeName().equalsIgnoreCase("JSON");
    }

    @Override
    public Optional<String> columnType(Schema schema, boolean key) {
        return TYPES.of(schema);
    }

    @Override
    public Optional<String> literal(@Nullable Object value) {
        return value instanceof Boolean flag ? Optional.of(flag ? "1" : "0") : Dialect.super.literal(value);
    }

    @Override
    public List<String> addColumns(String table, List<String> columns) {
        return columns.stream()
                .map(column -> "ALTER TABLE " + table + " ADD COLUMN " + column)
                .toList();
    }

    /** The driver keeps the extended code to its own class and to the message. */
    @Override
    public boolean isMissingReference(SQLException failure) {
        return code(failure) == CONSTRAINT
                && String.valueOf(failure.getMessage()).contains("FOREIGNKEY");
    }

    /** SQLite has one code for whatever is wrong with a statement. */
    @Override
    public boolean isMissingTable(SQLException failure) {
        return String.valueOf(failure.getMessage()).contains("no such table");
    }

    @Override
    public boolean isAlreadyThere(SQLException failure) {
        return String.valueOf(failure.getMessage()).contains("duplicate column name");
    }
}
