/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JdbcOffsetTest {

    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01T10:00:00.123456Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z"})
    void offsetComesBackExactly(Instant timestamp) {
        JdbcOffset offset = new JdbcOffset(42L, timestamp);

        assertThat(JdbcOffset.of(offset.toMap())).isEqualTo(offset);
    }

    @Test
    void formatIsThatOfConfluentsConnector() {
        assertThat(new JdbcOffset(42L, Instant.parse("2024-01-01T10:00:00.123456Z")).toMap())
                .containsExactly(
                        Map.entry("incrementing", 42L),
                        Map.entry("timestamp", 1704103200123L),
                        Map.entry("timestamp_nanos", 123456000L));
    }

    @Test
    void keysMayBeAbsent() {
        assertThat(JdbcOffset.of(null)).isEqualTo(JdbcOffset.NONE);
        assertThat(JdbcOffset.of(Map.of("incrementing", 7))).isEqualTo(new JdbcOffset(7L, null));
        assertThat(JdbcOffset.of(Map.of("timestamp", 1704103200123L)))
                .isEqualTo(new JdbcOffset(null, Instant.parse("2024-01-01T10:00:00.123Z")));
    }
}
