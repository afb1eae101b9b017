/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The conditions that are sent to a database that no test can run. */
final class NewRowsQueryTest {

    private static final SqlServerDialect SQLSERVER = new SqlServerDialect();
    private static final Instant MOMENT = Instant.parse("2024-01-01T00:00:00.003Z");

    /** A table all of whose columns are read. */
    static Relation relation(Dialect dialect, TableId table) {
        Identifiers identifiers = dialect.identifiers(Quoting.ALWAYS);
        return new Relation(
                table,
                "orders",
                Map.of(),
                identifiers.sql(table),
                "",
                List.of(),
                identifiers,
                new ColumnChoice(identifiers, List.of(), List.of(), List.of(), List.of()),
                null);
    }

    private static String sql(String momentType) {
        Relation relation = relation(SQLSERVER, new TableId(null, "dbo", "orders"));
        FollowedColumns followed = new FollowedColumns(
                new Column("id", "int", Types.INTEGER, 0, 0, false, true),
                List.of(new Column("ts", momentType, Types.TIMESTAMP, 23, 3, false, false)));
        return new NewRowsQuery(
                        new NewRowsQuery.Kind(relation, followed, List.of(), null, SQLSERVER, ZoneOffset.UTC),
                        new JdbcOffset(7L, MOMENT),
                        null,
                        new Bound(null, MOMENT.plusSeconds(1)))
                .sql("SELECT *");
    }

    /** .003 is .00333 to the server, which is more, and .007 is .00667, which is less. */
    @Test
    void datetimeIsComparedAsOne() {
        assertThat(sql("datetime"))
                .isEqualTo("SELECT * WHERE [ts] < CAST(? AS datetime) AND [ts] >= CAST(? AS datetime)"
                        + " AND ([ts] > CAST(? AS datetime) OR ([ts] = CAST(? AS datetime) AND ([id] > ?)))"
                        + " ORDER BY [ts], [id]");
    }

    @Test
    void exacterMomentIsComparedAsItIs() {
        assertThat(sql("datetime2"))
                .isEqualTo("SELECT * WHERE [ts] < ? AND [ts] >= ? AND ([ts] > ? OR ([ts] = ? AND ([id] > ?)))"
                        + " ORDER BY [ts], [id]");
    }
}
