/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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

    private final LateRows.Memory memory = new LateRows.Memory();

    private LateRows lateRows(boolean sharedPlaces) {
        return new LateRows(Duration.ofSeconds(10), sharedPlaces, JdbcOffset.NONE, memory, () -> nanos);
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

    @Test
    void whatIsCarriedCountsAtItsOwnPlaceOnly() {
        LateRows late = lateRows(false);
        late.beginReading();
        for (int i = 1; i <= 3; i++) {
            assertThat(late.knows(row(i, number(i)))).isFalse();
            late.add(number(i));
            pass(Duration.ofSeconds(6));
        }
        JdbcOffset place = late.floor();
        String carried = String.valueOf(late.carried().rows());
        assertThat(place).isEqualTo(number(2));

        LateRows next = new LateRows(Duration.ofSeconds(10), false, place, memory, () -> nanos);
        next.restore(carried);
        next.beginReading();
        assertThat(next.knows(row(3, number(3)))).isTrue();
        for (long other : new long[] {1, 3}) {
            LateRows moved = new LateRows(Duration.ofSeconds(10), false, number(other), memory, () -> nanos);
            moved.restore(carried);
            moved.beginReading();
            assertThat(moved.knows(row(3, number(3)))).as("from %s", other).isFalse();
        }
    }

    /** Who comes last remembers least, and rows of his that are late beyond that come again rather than not at all. */
    @Test
    void tablesOfATaskShareWhatIsRemembered() {
        List<LateRows> tables = Stream.generate(() -> lateRows(false)).limit(6).toList();
        for (LateRows late : tables) {
            late.beginReading();
            for (int i = 1; i <= LateRows.ROWS_MAX; i++) {
                boolean unused = late.knows(row(i, number(i)));
                late.add(number(i));
            }
        }
        assertThat(tables.get(0).floor()).isEqualTo(JdbcOffset.NONE);
        assertThat(tables.get(5).floor()).isEqualTo(number(LateRows.ROWS_MAX));
        pass(Duration.ofSeconds(11));
        assertThat(tables.get(0).floor()).isEqualTo(number(LateRows.ROWS_MAX));
        tables.get(5).beginReading();
        JdbcOffset more = number(LateRows.ROWS_MAX + 1);
        assertThat(tables.get(5).knows(row(1, more))).isFalse();
        tables.get(5).add(more);
        assertThat(tables.get(5).floor()).as("there is room again").isEqualTo(number(LateRows.ROWS_MAX));
        tables.get(1).reset(number(1));
        tables.subList(1, 5).forEach(LateRows::floor);
        pass(Duration.ofSeconds(11));
        tables.get(5).floor();
        assertThat(memory.rows()).isZero();
    }

    @Test
    void ofManyRowsTheLastAreCarriedWithAPlaceBeforeThem() {
        LateRows late = lateRows(false);
        late.beginReading();
        int rows = 3 * LateRows.CARRIED_MAX;
        for (int i = 1; i <= rows; i++) {
            assertThat(late.knows(row(i, number(i)))).isFalse();
            late.add(number(i));
        }
        LateRows.Carried carried = late.carried();
        assertThat(carried.place()).isEqualTo(number(rows - LateRows.CARRIED_MAX));
        assertThat(late.floor()).as("in memory all are known").isEqualTo(JdbcOffset.NONE);

        LateRows next = new LateRows(Duration.ofSeconds(10), false, carried.place(), memory, () -> nanos);
        next.restore(String.valueOf(carried.rows()));
        next.beginReading();
        for (int i = rows - LateRows.CARRIED_MAX + 1; i <= rows; i++) {
            assertThat(next.knows(row(i, number(i)))).as("%s", i).isTrue();
        }
        assertThat(next.knows(row(rows + 1, number(rows + 1)))).isFalse();

        late.beginReading();
        assertThat(late.knows(row(0, number(0)))).isFalse();
        late.add(number(0));
        assertThat(late.carried())
                .as("there may be more late ones, behind the first")
                .isEqualTo(new LateRows.Carried(JdbcOffset.NONE, null));
    }

    @Test
    void rowsOfAMomentWhoseTimeIsOverAreCarriedUntilTheMomentIs() {
        LateRows late = lateRows(true);
        late.beginReading();
        assertThat(late.knows(row(1, MOMENT))).isFalse();
        late.add(JdbcOffset.NONE);
        pass(Duration.ofSeconds(11));
        assertThat(late.knows(row(2, MOMENT))).isFalse();
        late.add(MOMENT);

        LateRows.Carried carried = late.carried();
        LateRows next = new LateRows(Duration.ofSeconds(10), true, carried.place(), memory, () -> nanos);
        next.restore(String.valueOf(carried.rows()));
        next.beginReading();
        assertThat(next.knows(row(1, MOMENT))).isTrue();
        assertThat(next.knows(row(2, MOMENT))).isTrue();
    }
}
