/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.dialect.TemporalKind;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

final class TemporalColumnTest {

    private static final TemporalColumn MOMENTS =
            new TemporalColumn(TemporalKind.TIMESTAMP_WITH_ZONE, ZoneId.of("Europe/Berlin"), null);

    @Test
    void timeThatNoClockShowedIsRefused() {
        assertThatThrownBy(() -> MOMENTS.of(LocalDateTime.parse("2024-03-31T02:30:00")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no clock in Europe/Berlin showed");
    }

    @Test
    void timeIsThatOfClocksInTheZone() {
        assertThat(MOMENTS.of(LocalDateTime.parse("2024-03-31T03:30:00")))
                .isEqualTo(OffsetDateTime.parse("2024-03-31T01:30:00Z"));
    }
}
