/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.ArrayMapping;
import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.NumericMapping;
import io.levada.connect.jdbc.dialect.OnUnreadable;
import io.levada.connect.jdbc.dialect.ReadOptions;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.TimeMapping;
import io.levada.connect.jdbc.dialect.TimestampGranularity;
import io.levada.connect.jdbc.dialect.mysql.MySqlDialect;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StructureTest {

    private static final MySqlDialect MYSQL = new MySqlDialect();

    private static final ReadOptions READABLE = new ReadOptions(
            NumericMapping.READABLE,
            TimestampGranularity.CONNECT_LOGICAL,
            TimeMapping.CONNECT_LOGICAL,
            ZoneOffset.UTC,
            ArrayMapping.LIST,
            OnUnreadable.FAIL);

    /** To the driver a number is of its width whatever its sign; records show the widest without one as text. */
    @ParameterizedTest
    @CsvSource({"BIGINT, true", "INT UNSIGNED, true", "BIGINT UNSIGNED, false"})
    void rowsAreOrderedByNumbersThatRecordsHaveAsSuch(String type, boolean ordered) {
        Relation relation = NewRowsQueryTest.relation(MYSQL, new TableId("shop", null, "orders"));
        Structure structure =
                new Structure(List.of(new Column("id", type, Types.BIGINT, 20, 0, false, false)), List.of("id"));

        assertThat(structure.order(relation, MYSQL, READABLE)).hasSize(ordered ? 1 : 0);
    }
}
