/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.h2;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.ColumnReader;
import io.levada.connect.jdbc.dialect.ColumnTypes;
import io.levada.connect.jdbc.dialect.ConnectProblem;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.DriverName;
import io.levada.connect.jdbc.dialect.DriverProperties;
import io.levada.connect.jdbc.dialect.JdbcUrl;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.RowTarget;
import io.levada.connect.jdbc.dialect.StandardReaders;
import io.levada.connect.jdbc.dialect.Statistics;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.TemporalKind;
import io.levada.connect.jdbc.dialect.VendorCodes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** H2, as a server. */
public final class H2Dialect implements Dialect {

    private static final Names NAMES = new Names('"', '"', Names.Folding.UPPER, 256, false, false);

    private static final ColumnTypes TYPES = new ColumnTypes(
            Map.of(
                    Schema.Type.INT8, "TINYINT",
                    Schema.Type.INT16, "SMALLINT",
                    Schema.Type.INT32, "INTEGER",
                    Schema.Type.INT64, "BIGINT",
                    Schema.Type.FLOAT32, "REAL",
                    Schema.Type.FLOAT64, "DOUBLE PRECISION",
                    Schema.Type.BOOLEAN, "BOOLEAN",
                    Schema.Type.STRING, "CHARACTER VARYING",
                    Schema.Type.BYTES, "BINARY VARYING"),
            "NUMERIC(1000, %d)",
            1000,
            "DATE",
            "TIME(3)",
            "TIMESTAMP(3)");

    /** Types whose text form is their value. */
    private static final Set<String> TEXT = Set.of("UUID", "JSON", "ENUM");

    // H2's error codes (its class org.h2.api.ErrorCode).
    private static final int LOCK_TIMEOUT = 50_200;
    private static final int DATABASE_IS_CLOSED = 90_098;
    private static final int CONNECTION_BROKEN = 90_067;
    private static final int CONCURRENT_UPDATE = 90_131;
    private static final int DATABASE_NOT_FOUND = 90_146;
    private static final int DATABASE_NOT_FOUND_2 = 90_149;
    private static final int TABLE_ALREADY_EXISTS = 42_101;
    private static final int TABLE_NOT_FOUND = 42_102;
    private static final int TABLE_NOT_FOUND_WITH_CANDIDATES = 42_103;
    private static final int TABLE_NOT_FOUND_DATABASE_EMPTY = 42_104;
    private static final int DUPLICATE_COLUMN = 42_121;
    private static final int SCHEMA_NOT_FOUND = 90_079;
    private static final int NOT_ENOUGH_RIGHTS = 90_096;
    private static final int REFERENCED_ROW_MISSING = 23_506;
    private static final int REFERRING_ROW_EXISTS = 23_503;
    private static final int ENUM_VALUE_NOT_PERMITTED = 22_030;

    private static final VendorCodes CODES = new VendorCodes(
            Set.of(LOCK_TIMEOUT, DATABASE_IS_CLOSED, CONNECTION_BROKEN, CONCURRENT_UPDATE),
            Set.of(ENUM_VALUE_NOT_PERMITTED),
            Set.of(REFERENCED_ROW_MISSING, REFERRING_ROW_EXISTS),
            Set.of(TABLE_NOT_FOUND, TABLE_NOT_FOUND_WITH_CANDIDATES, TABLE_NOT_FOUND_DATABASE_EMPTY, SCHEMA_NOT_FOUND),
            Set.of(TABLE_ALREADY_EXISTS, DUPLICATE_COLUMN));

    @Override
    public Names names() {
        return NAMES;
    }

    @Override
    public JdbcUrl url(String text) {
        return H2Url.parse(text);
    }

    @Override
    public DriverName driver(JdbcUrl url) {
        return new DriverName("org.h2.Driver", "com.h2database:h2");
    }

    @Override
    public DriverProperties userProperties() {
        return new DriverProperties(H2Url.ALLOWED, H2Url.VALUE);
    }

    @Override
    public Map<String, String> readingProperties() {
        return Map.of();
    }

    @Override
    public Map<String, String> writingProperties() {
        return Map.of();
    }

    @Override
    public Map<String, String> timeLimits(Duration connect, Duration answer) {
        return answer.isZero() ? Map.of() : Map.of("NETWORK_TIMEOUT", String.valueOf(answer.toMillis()));
    }

    @Override
    public Optional<String> sessionBegin(ZoneId zone) {
        return Optional.of("SET TIME ZONE '" + zone.getId() + "'");
    }

    @Override
    public VendorCodes codes() {
        return CODES;
    }

    @Override
    public boolean isForbidden(SQLException failure) {
        return failure.getErrorCode() == NOT_ENOUGH_RIGHTS;
    }

    @Override
    public ConnectProblem connectProblem(SQLException failure) {
        if ("28000".equals(failure.getSQLState())) {
            return ConnectProblem.PASSWORD;
        }
        return switch (failure.getErrorCode()) {
            case DATABASE_NOT_FOUND, DATABASE_NOT_FOUND_2 -> ConnectProblem.DATABASE;
            case CONNECTION_BROKEN -> ConnectProblem.UNREACHABLE;
            default -> ConnectProblem.OTHER;
        };
    }

    /** H2's word for a plain table is BASE TABLE. */
    @Override
    public List<Found> tables(
            Connection connection, @Nullable String catalog, @Nullable String schemaPattern, List<String> kinds)
            throws SQLException {
        List<String> own = new ArrayList<>(kinds);
        own.replaceAll(kind -> kind.equals("TABLE") ? "BASE TABLE" : kind);
        return Dialect.super.tables(connection, catalog, schemaPattern, own);
    }

    @Override
    public Optional<String> kind(Connection connection, TableId table) throws SQLException {
        return Dialect.super.kind(connection, table).map(kind -> kind.equals("BASE TABLE") ? "TABLE" : kind);
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        String type = column.typeName();
        return TEXT.contains(type) || type.startsWith("ENUM(") || type.startsWith("INTERVAL")
                ? Optional.of(StandardReaders.text(column))
                : new StandardReaders(options).of(column);
    }

    @Override
    public TemporalKind temporal(Column column) {
        return StandardReaders.temporal(column);
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT CURRENT_TIMESTAMP")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    @Override
    public OptionalLong estimatedRows(Connection connection, TableId table, String sql) throws SQLException {
        return Statistics.number(
                connection,
                "SELECT ROW_COUNT_ESTIMATE FROM INFORMATION_SCHEMA.TABLES"
                        + " WHERE TABLE_SCHEMA = COALESCE(?, CURRENT_SCHEMA) AND TABLE_NAME = ?",
                table.schema(),
                table.name());
    }

    @Override
    public String upsert(RowTarget target) {
        return "MERGE INTO " + target.table() + " (" + RowTarget.join(target.columns(), ", ", target::sql) + ") KEY ("
                + RowTarget.join(target.keys(), ", ", target::sql) + ") VALUES ("
                + RowTarget.join(target.columns(), ", ", this::placeholder) + ")";
    }

    /** Text alone would become a JSON string. */
    @Override
    public String placeholder(Column column) {
        return holdsJson(column) ? "? FORMAT JSON" : "?";
    }

    @Override
    public boolean holdsJson(Column column) {
        return column.typeName().equals("JSON");
    }

    @Override
    public Optional<String> columnType(Schema schema, boolean key) {
        return TYPES.of(schema);
    }

    @Override
    public List<String> addColumns(String table, List<String> columns) {
        return columns.stream()
                .map(column -> "ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + column)
                .toList();
    }
}
