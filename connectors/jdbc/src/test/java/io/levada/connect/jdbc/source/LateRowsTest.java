/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

/** No row that was handed out is handed out again when its range is read again. */
final class LateRowsTest {

    private static final Schema SCHEMA =
            SchemaBuilder.struct().field("v", Schema.INT32_SCHEMA).build();
    private static final JdbcOffset MOMENT = new JdbcOffset(null, Instant.EPOCH);

    private long nanos;

    private LateRows lateRows(boolean sharedPlaces) {
        return new LateRows(Duration.ofSeconds(10), sharedPlaces, JdbcOffset.NONE, () -> nanos);
    }

    private static Row row(int value, JdbcOffset at) {
        return new Row(new Struct(SCHEMA).put("v", value), at, 0);
    }

    private static JdbcOffset number(long number) {
        return new JdbcOffset(number, null);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void firstRowsOfAMomentAreKnownUntilItsLastAreForgotten() {
        LateRows late = lateRows(true);
        late.beginReading();
        assertThat(late.knows(row(1, MOMENT))).isFalse();
        late.add(JdbcOffset.NONE);
        pass(Duration.ofSeconds(9));
        assertThat(late.knows(row(2, MOMENT))).isFalse();
        late.add(MOMENT);
        pass(Duration.ofSeconds(2));

        assertThat(late.floor()).isEqualTo(JdbcOffset.NONE);
        late.beginReading();
        assertThat(late.knows(row(1, MOMENT))).isTrue();
        assertThat(late.knows(row(2, MOMENT))).isTrue();
        pass(Duration.ofSeconds(9));
        assertThat(late.floor()).isEqualTo(MOMENT);
    }

    @Test
    void allRowsOfAMomentAreKnownHoweverMany() {
        LateRows late = lateRows(true);
        late.beginReading();
        for (int i = 0; i <= LateRows.ROWS_MAX; i++) {
            assertThat(late.knows(row(i, MOMENT))).isFalse();
            late.add(JdbcOffset.NONE);
        }

        assertThat(late.floor()).isEqualTo(JdbcOffset.NONE);
        late.beginReading();
        assertThat(late.knows(row(0, MOMENT))).isTrue();
    }

    @Test
    void rowsThatTheReadingHasNotComeToAreNotForgottenForALateOne() {
        LateRows late = lateRows(false);
        late.beginReading();
        for (int i = 2; i <= LateRows.ROWS_MAX + 1; i++) {
            assertThat(late.knows(row(i, number(i)))).isFalse();
            late.add(number(i));
        }
        late.beginReading();
        assertThat(late.knows(row(1, number(1)))).isFalse();
        late.add(number(1));

        assertThat(late.knows(row(2, number(2)))).isTrue();
        assertThat(late.floor()).as("once the reading is over").isEqualTo(number(2));
    }
}
