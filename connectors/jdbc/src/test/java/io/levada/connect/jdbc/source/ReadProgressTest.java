/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Names;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ReadProgressTest {

    private long nanos;
    private final ReadProgress progress = new ReadProgress(InstantSource.system(), () -> nanos);

    private ReadProgress.Part part(String table, String range) {
        return progress.part(
                new Relation(
                        new TableId(null, "s", table),
                        table,
                        Map.of(),
                        table,
                        "",
                        List.of(),
                        new Identifiers(Quoting.ALWAYS, Names.ANSI),
                        new ColumnChoice(
                                new Identifiers(Quoting.ALWAYS, Names.ANSI),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of()),
                        null),
                range);
    }

    private void pass(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void whatHasNotBegunIsTakenToBeLikeTheRest() {
        ReadProgress.Part first = part("a", "all");
        ReadProgress.Part second = part("b", "all");
        assertThat(progress.part()).isZero();
        assertThat(progress.secondsLeft()).isEqualTo(-1);

        first.begin(OptionalLong.of(100), 0);
        pass(10);
        first.read(50);
        assertThat(progress.part()).isEqualTo(0.25);
        assertThat(progress.secondsLeft()).isEqualTo(30);

        second.leaveOut();
        assertThat(progress.part()).isEqualTo(0.5);
        assertThat(progress.secondsLeft()).isEqualTo(10);
    }

    @Test
    void rowsOfAnEarlierTaskCountAsReadButNotAsSpeed() {
        ReadProgress.Part range = part("a", "1/2");
        range.begin(OptionalLong.of(1000), 800);
        pass(10);
        range.read(100);

        assertThat(progress.part()).isEqualTo(0.9);
        assertThat(progress.secondsLeft()).isEqualTo(10);
    }

    @Test
    void tableWithMoreRowsThanEstimatedIsNotDoneMoreThanOnce() {
        ReadProgress.Part part = part("a", "all");
        part.begin(OptionalLong.of(10), 0);
        pass(1);
        part.read(30);
        assertThat(progress.part()).isEqualTo(1);
        assertThat(progress.isRunning()).isTrue();
        part.end();
        assertThat(progress.remainingTables()).isZero();
    }

    @Test
    void withoutAnEstimateNothingIsSaid() {
        ReadProgress.Part part = part("a", "all");
        part.begin(OptionalLong.empty(), 0);
        pass(1);
        part.read(30);
        assertThat(progress.part()).isEqualTo(-1);
        assertThat(progress.secondsLeft()).isEqualTo(-1);
        assertThat(progress.shown())
                .singleElement()
                .extracting(ReadProgress.Shown::rows)
                .isEqualTo(30L);
    }
}
