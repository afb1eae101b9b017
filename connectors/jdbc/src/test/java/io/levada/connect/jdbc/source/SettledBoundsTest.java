/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettledBoundsTest {

    /** A SMALLDATETIME takes the nearest minute: rows of 10:00 come from half a minute before it to half a minute after. */
    @ParameterizedTest
    @CsvSource({
        "smalldatetime, 0, 2024-01-01T10:00:59.999Z, 2024-01-01T10:00:00Z",
        "smalldatetime, 0, 2024-01-01T10:01:00Z, 2024-01-01T10:01:00Z",
        "datetime2, 0, 2024-01-01T10:00:59.999Z, 2024-01-01T10:00:59Z",
        "datetime2, 7, 2024-01-01T10:00:59.999Z, 2024-01-01T10:00:59.999Z"
    })
    void aMomentIsReadOnceItIsOverInTheColumnsStep(String type, int scale, Instant now, Instant bound) {
        Column column = new Column("updated", type, Types.TIMESTAMP, 0, scale, false, false);

        assertThat(SettledBounds.truncated(now, new FollowedColumns(null, List.of(column)), new SqlServerDialect()))
                .isEqualTo(bound);
    }
}
