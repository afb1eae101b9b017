/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.dialect.oracle.OracleDialect;
import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
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

    @ParameterizedTest
    @CsvSource({"1205, RETRIABLE", "40613, RETRIABLE", "2627, DATA", "515, DATA", "208, FATAL", "102, FATAL"})
    void codesOfSqlServerTellWhoCanHelp(int code, FailureKind kind) {
        assertThat(SQLSERVER.failureKind(new SQLException("x", "S0001", code))).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"60, RETRIABLE", "3113, RETRIABLE", "1, DATA", "12899, DATA", "942, FATAL", "900, FATAL"})
    void codesOfOracleTellWhoCanHelp(int code, FailureKind kind) {
        assertThat(ORACLE.failureKind(new SQLException("x", "72000", code))).isEqualTo(kind);
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
    void namesThatWouldBeCutAreRefused() {
        Identifiers oracle = ORACLE.identifiers(Quoting.ALWAYS);

        assertThat(oracle.sql("x".repeat(128))).hasSize(130);
        assertThatThrownBy(() -> oracle.sql("x".repeat(129))).hasMessageContaining("longer than the 128 bytes");
    }
}
