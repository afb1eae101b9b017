/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.Postgres;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BeatsTest {

    @Test
    void areDueBeforeTheirTimeWhenTheServerKeepsMuch() throws Exception {
        try (Connection connection = Postgres.newDatabase().connect()) {
            Beats beats = new Beats(Duration.ofDays(1), "", connection);
            assertThat(beats.isDue(1_000)).isFalse();
            assertThat(beats.isDue(999 + Beats.BYTES)).isFalse();
            assertThat(beats.isDue(1_000 + Beats.BYTES)).isTrue();
            assertThat(beats.isDue(1_000 + Beats.BYTES)).isFalse();
        }
    }

    @Test
    void areNeverDueWithoutAnInterval() throws Exception {
        try (Connection connection = Postgres.newDatabase().connect()) {
            Beats none = new Beats(Duration.ZERO, "", connection);
            assertThat(none.isDue(1)).isFalse();
            assertThat(none.isDue(1 + Beats.BYTES)).isFalse();
        }
    }
}
