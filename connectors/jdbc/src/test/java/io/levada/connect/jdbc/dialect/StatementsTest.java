/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.dialect.oracle.OracleDialect;
import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to databases that no test can run, against their manuals: T-SQL's, and Oracle's SQL Language Reference. */
final class StatementsTest {

    private static final SqlServerDialect SQLSERVER = new SqlServerDialect();
    private static final OracleDialect ORACLE = new OracleDialect();

    private static Column column(String name) {
        return new Column(name, "int", Types.INTEGER, 0, 0, true, false);
    }

    private static RowTarget target(Dialect dialect, String... others) {
        Identifiers identifiers = dialect.identifiers(Quoting.ALWAYS);
        return new RowTarget(
                identifiers.sql(new TableId(null, "shop", "Order Lines")),
                identifiers,
                List.of(column("id"), column("line")),
                List.of(others).stream().map(StatementsTest::column).toList());
    }

    @Test
    void sqlServerMerges() {
        assertThat(SQLSERVER.upsert(target(SQLSERVER, "item", "a]b")))
                .isEqualTo("MERGE INTO [shop].[Order Lines] WITH (HOLDLOCK) AS existing"
                        + " USING (SELECT ? AS [id], ? AS [line], ? AS [item], ? AS [a]]b]) incoming"
                        + " ON (existing.[id] = incoming.[id] AND existing.[line] = incoming.[line])"
                        + " WHEN MATCHED THEN UPDATE SET existing.[item] = incoming.[item], existing.[a]]b] = incoming.[a]]b]"
                        + " WHEN NOT MATCHED THEN INSERT ([id], [line], [item], [a]]b])"
                        + " VALUES (incoming.[id], incoming.[line], incoming.[item], incoming.[a]]b]);");
    }

    @Test
    void oracleMerges() {
        assertThat(ORACLE.upsert(target(ORACLE)))
                .isEqualTo(
                        "MERGE INTO \"shop\".\"Order Lines\" existing"
                                + " USING (SELECT ? AS \"id\", ? AS \"line\" FROM DUAL) incoming"
                                + " ON (existing.\"id\" = incoming.\"id\" AND existing.\"line\" = incoming.\"line\")"
                                + " WHEN NOT MATCHED THEN INSERT (\"id\", \"line\") VALUES (incoming.\"id\", incoming.\"line\")");
    }

    @Test
    void othersAreTheStandards() {
        RowTarget target = target(SQLSERVER, "item");

        assertThat(SQLSERVER.insert(target))
                .isEqualTo("INSERT INTO [shop].[Order Lines] ([id], [line], [item]) VALUES (?, ?, ?)");
        assertThat(SQLSERVER.update(target))
                .isEqualTo("UPDATE [shop].[Order Lines] SET [item] = ? WHERE [id] = ? AND [line] = ?");
        assertThat(SQLSERVER.delete(target))
                .isEqualTo("DELETE FROM [shop].[Order Lines] WHERE [id] = ? AND [line] = ?");
    }

    @Test
    void tablesAreMadeAndWidened() {
        assertThat(SQLSERVER.createTable("[t]", List.of("[id] INT NOT NULL", "PRIMARY KEY ([id])")))
                .isEqualTo("CREATE TABLE [t] ([id] INT NOT NULL, PRIMARY KEY ([id]))");
        assertThat(SQLSERVER.addColumns("[t]", List.of("[a] INT", "[b] BIT")))
                .containsExactly("ALTER TABLE [t] ADD [a] INT, [b] BIT");
        assertThat(ORACLE.addColumns("\"t\"", List.of("\"a\" CLOB", "\"b\" BLOB")))
                .containsExactly("ALTER TABLE \"t\" ADD (\"a\" CLOB, \"b\" BLOB)");
    }

    @Test
    void columnTypesHoldWhatConnectHas() {
        assertThat(types(SQLSERVER, false))
                .containsExactly(
                        "SMALLINT",
                        "BIGINT",
                        "FLOAT",
                        "BIT",
                        "NVARCHAR(MAX)",
                        "VARBINARY(MAX)",
                        "DECIMAL(38,4)",
                        "DATE",
                        "TIME(3)",
                        "DATETIME2(3)");
        assertThat(types(ORACLE, true))
                .containsExactly(
                        "NUMBER(3,0)",
                        "NUMBER(19,0)",
                        "BINARY_DOUBLE",
                        "NUMBER(1,0)",
                        "VARCHAR2(255 CHAR)",
                        "RAW(2000)",
                        "NUMBER(*,4)",
                        "DATE",
                        "TIMESTAMP(3)",
                        "TIMESTAMP(3)");
        assertThat(SQLSERVER.columnType(Decimal.schema(39), false)).isEmpty();
    }

    private static List<String> types(Dialect dialect, boolean key) {
        return List.of(
                        Schema.INT8_SCHEMA,
                        Schema.INT64_SCHEMA,
                        Schema.FLOAT64_SCHEMA,
                        Schema.BOOLEAN_SCHEMA,
                        Schema.STRING_SCHEMA,
                        Schema.BYTES_SCHEMA,
                        Decimal.schema(4),
                        Date.SCHEMA,
                        Time.SCHEMA,
                        Timestamp.SCHEMA)
                .stream()
                .map(schema -> dialect.columnType(schema, key))
                .map(Optional::orElseThrow)
                .toList();
    }

    /** As its manual of errors and events has them ("Database Engine errors"), and the one of Azure SQL ("transient errors"). */
    @ParameterizedTest
    @CsvSource({
        "1205, RETRIABLE, chosen as the deadlock victim",
        "1222, RETRIABLE, lock request time out",
        "3960, RETRIABLE, snapshot isolation transaction aborted due to update conflict",
        "4060, RETRIABLE, cannot open database requested by the login: while Azure moves it",
        "10928, RETRIABLE, resource limit reached",
        "10929, RETRIABLE, server too busy below the limit",
        "40197, RETRIABLE, error processing the request",
        "40501, RETRIABLE, service is busy",
        "40613, RETRIABLE, database not currently available",
        "49918, RETRIABLE, not enough resources",
        "49919, RETRIABLE, too many create or update operations",
        "49920, RETRIABLE, too many operations in progress",
        "515, DATA, cannot insert the value NULL",
        "2601, DATA, duplicate key row with unique index",
        "2627, DATA, violation of constraint",
        "547, DATA, conflicted with a constraint",
        "2628, DATA, string or binary data would be truncated in table",
        "8152, DATA, string or binary data would be truncated",
        "241, DATA, conversion failed for date or time from character string",
        "242, DATA, conversion resulted in an out-of-range value",
        "245, DATA, conversion failed",
        "8114, DATA, error converting data type",
        "8115, DATA, arithmetic overflow converting expression",
        "220, DATA, arithmetic overflow for data type",
        "248, DATA, conversion of the varchar value overflowed an int column",
        "8169, DATA, conversion failed to uniqueidentifier",
        "9420, DATA, XML parsing: illegal xml character",
        "208, FATAL, invalid object name",
        "229, FATAL, permission denied",
        "102, FATAL, incorrect syntax"
    })
    void codesOfSqlServerTellWhoCanHelp(int code, FailureKind kind) {
        assertThat(SQLSERVER.failureKind(new SQLException("x", "S0001", code))).isEqualTo(kind);
    }

    /** As its "Database Error Messages" has them. */
    @ParameterizedTest
    @CsvSource({
        "54, RETRIABLE, resource busy and acquire with NOWAIT specified or timeout expired",
        "60, RETRIABLE, deadlock detected",
        "8177, RETRIABLE, cannot serialize access",
        "1033, RETRIABLE, initialization or shutdown in progress",
        "1034, RETRIABLE, not available",
        "1089, RETRIABLE, immediate shutdown in progress",
        "1090, RETRIABLE, shutdown in progress",
        "1092, RETRIABLE, instance terminated",
        "3113, RETRIABLE, end-of-file on communication channel",
        "3114, RETRIABLE, not connected",
        "3135, RETRIABLE, connection lost contact",
        "12153, RETRIABLE, TNS not connected",
        "12170, RETRIABLE, connect timeout",
        "12516, RETRIABLE, listener could not find available handler",
        "12519, RETRIABLE, no appropriate service handler found",
        "12520, RETRIABLE, no available handler for requested type of server",
        "12528, RETRIABLE, all instances are blocking new connections",
        "12537, RETRIABLE, connection closed",
        "12541, RETRIABLE, no listener",
        "12570, RETRIABLE, packet reader failure",
        "17002, RETRIABLE, I/O error of the driver",
        "17008, RETRIABLE, closed connection",
        "17410, RETRIABLE, no more data to read from socket",
        "25408, RETRIABLE, cannot safely replay call",
        "1, DATA, unique constraint violated",
        "1400, DATA, cannot insert NULL",
        "1401, DATA, inserted value too large",
        "1407, DATA, cannot update to NULL",
        "12899, DATA, value too large for column",
        "1438, DATA, value larger than specified precision",
        "2290, DATA, check constraint violated",
        "2291, DATA, parent key not found",
        "2292, DATA, child record found",
        "1722, DATA, invalid number",
        "1426, DATA, numeric overflow",
        "1830, DATA, date format picture ends before converting entire input string",
        "1839, DATA, date not valid for month specified",
        "1840, DATA, input value not long enough for date format",
        "1841, DATA, year must be between -4713 and +9999",
        "1843, DATA, not a valid month",
        "1847, DATA, day of month must be between 1 and last day of month",
        "1858, DATA, a non-numeric character was found where a numeric was expected",
        "1861, DATA, literal does not match format string",
        "1465, DATA, invalid hex number",
        "40441, DATA, JSON syntax error",
        "942, FATAL, table or view does not exist",
        "1031, FATAL, insufficient privileges",
        "900, FATAL, invalid SQL statement"
    })
    void codesOfOracleTellWhoCanHelp(int code, FailureKind kind) {
        assertThat(ORACLE.failureKind(new SQLException("x", "72000", code))).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "sqlserver, 547, reference",
        "sqlserver, 208, table",
        "sqlserver, 2760, table",
        "sqlserver, 2714, there",
        "sqlserver, 2705, there",
        "sqlserver, 102, ''",
        "oracle, 2291, reference",
        "oracle, 2292, reference",
        "oracle, 942, table",
        "oracle, 955, there",
        "oracle, 1430, there",
        "oracle, 900, ''"
    })
    void codesTellWhatIsMissingOrThereAlready(String database, int code, String what) {
        Dialect dialect = database.equals("oracle") ? ORACLE : SQLSERVER;
        SQLException failure = new SQLException("x", "72000", code);

        assertThat(List.of(
                        dialect.isMissingReference(failure),
                        dialect.isMissingTable(failure),
                        dialect.isAlreadyThere(failure)))
                .containsExactly(what.equals("reference"), what.equals("table"), what.equals("there"));
    }

    @ParameterizedTest
    @CsvSource({
        "smalldatetime, 0, 60000",
        "datetime, 3, 1",
        "datetime2, 0, 1000",
        "datetime2, 7, 1",
        "datetime2, 1, 100"
    })
    void stepsOfSqlServersMoments(String type, int scale, long expected) {
        assertThat(SQLSERVER.stepMs(new Column("c", type, Types.TIMESTAMP, 0, scale, true, false)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "datetime2, 93, TIMESTAMP",
        "datetimeoffset, -155, TIMESTAMP_WITH_ZONE",
        "timestamp, -2, NONE",
        "int identity, 4, NONE"
    })
    void typesOfSqlServerAreWhatTheySayAboutTime(String type, int jdbcType, TemporalKind kind) {
        assertThat(SQLSERVER.temporal(new Column("c", type, jdbcType, 0, 0, true, false)))
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"DATE, 93, TIMESTAMP", "TIMESTAMP WITH TIME ZONE, -101, TIMESTAMP_WITH_ZONE", "NUMBER, 2, NONE"})
    void typesOfOracleAreWhatTheySayAboutTime(String type, int jdbcType, TemporalKind kind) {
        assertThat(ORACLE.temporal(new Column("c", type, jdbcType, 0, 0, true, false)))
                .isEqualTo(kind);
    }

    @Test
    void scaleIsInDigitsThatDatabasesRead() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

            assertThat(ORACLE.columnType(Decimal.schema(12), false)).contains("NUMBER(*,12)");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void namesThatWouldBeCutAreRefused() {
        Identifiers oracle = ORACLE.identifiers(Quoting.ALWAYS);

        assertThat(oracle.sql("x".repeat(128))).hasSize(130);
        assertThatThrownBy(() -> oracle.sql("x".repeat(129))).hasMessageContaining("longer than the 128 bytes");
    }
}
