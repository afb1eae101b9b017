/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect.oracle;

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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** Oracle Database. To it an empty text is NULL, so that one written comes back as the other. */
public final class OracleDialect implements Dialect {

    private static final Names NAMES = new Names('"', '"', Names.Folding.UPPER, 128, true, false);

    private static final ColumnTypes TYPES = types("CLOB", "BLOB");

    /** Large objects cannot be keys, and all columns of one together have at most 6398 bytes in blocks of 8 KB. */
    private static final ColumnTypes KEY_TYPES = types("VARCHAR2(255 CHAR)", "RAW(2000)");

    /** What the driver says of a NUMBER without scale; Confluent's connector takes the largest scale for it. */
    private static final int NO_SCALE = -127;

    private static final int SCALE_MAX = 127;

    // The driver's own numbers of types (its class oracle.jdbc.OracleTypes).
    private static final int BINARY_FLOAT = 100;
    private static final int BINARY_DOUBLE = 101;
    private static final int TIMESTAMP_TZ = -101;
    private static final int TIMESTAMP_LTZ = -102;
    private static final int INTERVAL_YM = -103;
    private static final int INTERVAL_DS = -104;
    private static final int JSON = 2016;

    /** Resource busy, deadlock, serialization, shutdown in progress, not open, lost connections, listener. */
    private static final VendorCodes CODES = new VendorCodes(
            Set.of(
                    54, 60, 8177, 1033, 1034, 1089, 1090, 1092, 3113, 3114, 3135, 12_153, 12_170, 12_516, 12_519,
                    12_520, 12_528, 12_537, 12_541, 12_570, 17_002, 17_008, 17_410, 25_408),
            // Duplicate, null, too large, precision, check, foreign key, not a number, dates, RAW and JSON of a wrong
            // form.
            Set.of(
                    1, 1400, 1401, 1407, 12_899, 1438, 2290, 2291, 2292, 1722, 1426, 1830, 1839, 1840, 1841, 1843, 1847,
                    1858, 1861, 1465, 40_441));

    /** As the statistics had it when they were gathered. */
    private static final String ROWS = "SELECT num_rows FROM all_tables"
            + " WHERE owner = NVL(?, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND table_name = ?";

    private static ColumnTypes types(String text, String bytes) {
        return new ColumnTypes(
                Map.of(
                        Schema.Type.INT8, "NUMBER(3,0)",
                        Schema.Type.INT16, "NUMBER(5,0)",
                        Schema.Type.INT32, "NUMBER(10,0)",
                        Schema.Type.INT64, "NUMBER(19,0)",
                        Schema.Type.FLOAT32, "BINARY_FLOAT",
                        Schema.Type.FLOAT64, "BINARY_DOUBLE",
                        Schema.Type.BOOLEAN, "NUMBER(1,0)",
                        Schema.Type.STRING, text,
                        Schema.Type.BYTES, bytes),
                "NUMBER(*,%d)",
                SCALE_MAX,
                "DATE",
                "TIMESTAMP(3)",
                "TIMESTAMP(3)");
    }

    @Override
    public Names names() {
        return NAMES;
    }

    @Override
    public JdbcUrl url(String text) {
        return OracleUrl.parse(text);
    }

    @Override
    public DriverName driver(JdbcUrl url) {
        return new DriverName("oracle.jdbc.OracleDriver", "com.oracle.database.jdbc:ojdbc11");
    }

    @Override
    public DriverProperties userProperties() {
        return new DriverProperties(OracleUrl.ALLOWED, DriverProperties.ANY);
    }

    @Override
    public Map<String, String> readingProperties() {
        return Map.of("v$session.program", "levada-jdbc-source");
    }

    @Override
    public Map<String, String> writingProperties() {
        return Map.of("v$session.program", "levada-jdbc-sink");
    }

    @Override
    public Map<String, String> timeLimits(Duration connect, Duration answer) {
        return Map.of(
                "oracle.net.CONNECT_TIMEOUT", String.valueOf(connect.toMillis()),
                "oracle.jdbc.ReadTimeout", String.valueOf(answer.toMillis()));
    }

    @Override
    public FailureKind failureKind(SQLException failure) {
        return CODES.kind(failure);
    }

    /** Insufficient privileges; missing privilege on an object. One who has none at all is told that there is no such table. */
    @Override
    public boolean isForbidden(SQLException failure) {
        return failure.getErrorCode() == 1031 || failure.getErrorCode() == 41_900;
    }

    @Override
    public ConnectProblem connectProblem(SQLException failure) {
        return switch (failure.getErrorCode()) {
            case 1017 -> ConnectProblem.PASSWORD;
            case 1045, 28_000, 28_001 -> ConnectProblem.USER;
            case 12_505, 12_514 -> ConnectProblem.DATABASE;
            case 12_170, 12_541, 17_002 -> ConnectProblem.UNREACHABLE;
            default -> ConnectProblem.OTHER;
        };
    }

    @Override
    public Optional<ColumnReader> reader(Column column, ReadOptions options) {
        StandardReaders standard = new StandardReaders(options);
        TemporalCells temporals = new TemporalCells(options.zone(), options.timestampGranularity());
        return switch (column.jdbcType()) {
            case Types.NUMERIC -> Optional.of(options.numericMapping().reader(withScale(column)));
            case BINARY_FLOAT -> Optional.of(ColumnReader.of(SchemaBuilder.float32(), column, ResultSet::getFloat));
            case BINARY_DOUBLE -> Optional.of(ColumnReader.of(SchemaBuilder.float64(), column, ResultSet::getDouble));
            case TIMESTAMP_TZ, TIMESTAMP_LTZ -> Optional.of(standard.moment(column, temporals::timestampWithZone));
            case INTERVAL_YM, INTERVAL_DS, JSON, Types.ROWID -> Optional.of(StandardReaders.text(column));
            default ->
                // A DATE has a time of day too.
                column.typeName().equals("DATE")
                        ? Optional.of(standard.moment(column, temporals::timestamp))
                        : standard.of(column);
        };
    }

    private static Column withScale(Column column) {
        return column.scale() == NO_SCALE
                ? new Column(
                        column.name(),
                        column.typeName(),
                        column.jdbcType(),
                        0,
                        SCALE_MAX,
                        column.optional(),
                        column.autoIncrement())
                : column;
    }

    @Override
    public TemporalKind temporal(Column column) {
        if (column.typeName().equals("DATE")) {
            return TemporalKind.TIMESTAMP;
        }
        return column.jdbcType() == TIMESTAMP_TZ || column.jdbcType() == TIMESTAMP_LTZ
                ? TemporalKind.TIMESTAMP_WITH_ZONE
                : StandardReaders.temporal(column);
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT SYSTIMESTAMP FROM DUAL")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** Oracle takes no AS before the alias of a table. */
    @Override
    public String derivedTable(String query) {
        return "(" + query + "\n) q";
    }

    @Override
    public OptionalLong estimatedRows(Connection connection, TableId table, String sql) throws SQLException {
        return Statistics.number(connection, ROWS, table.schema(), table.name());
    }

    @Override
    public String upsert(RowTarget target) {
        String row = "SELECT "
                + RowTarget.join(target.columns(), ", ", column -> placeholder(column) + " AS " + target.sql(column))
                + " FROM DUAL";
        return Merge.of(target.table() + " existing", row, target);
    }

    /** A day is the midnight it begins with, and a time of day that of the first day of 1970. */
    @Override
    public void bind(PreparedStatement statement, int index, Column column, @Nullable Object value)
            throws SQLException {
        if (value instanceof LocalDate day) {
            statement.setObject(index, day.atStartOfDay());
        } else if (value instanceof LocalTime time) {
            statement.setObject(index, time.atDate(LocalDate.EPOCH));
        } else {
            Dialect.super.bind(statement, index, column, value);
        }
    }

    @Override
    public boolean holdsJson(Column column) {
        return column.jdbcType() == JSON;
    }

    @Override
    public Optional<String> columnType(Schema schema, boolean key) {
        return (key ? KEY_TYPES : TYPES).of(schema);
    }

    @Override
    public Optional<String> literal(@Nullable Object value) {
        return value instanceof Boolean flag ? Optional.of(flag ? "1" : "0") : Dialect.super.literal(value);
    }

    @Override
    public String createTable(String table, List<String> lines) {
        return "CREATE TABLE " + table + " (" + String.join(", ", lines) + ")";
    }

    @Override
    public List<String> addColumns(String table, List<String> columns) {
        return List.of("ALTER TABLE " + table + " ADD (" + String.join(", ", columns) + ")");
    }

    /** Parent key not found, child record found. */
    @Override
    public boolean isMissingReference(SQLException failure) {
        return failure.getErrorCode() == 2291 || failure.getErrorCode() == 2292;
    }

    /** Table or view does not exist. */
    @Override
    public boolean isMissingTable(SQLException failure) {
        return failure.getErrorCode() == 942;
    }

    /** Name is already used by an existing object, column being added already exists in table. */
    @Override
    public boolean isAlreadyThere(SQLException failure) {
        return failure.getErrorCode() == 955 || failure.getErrorCode() == 1430;
    }
}
