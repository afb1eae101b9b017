/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.spelling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
    private static final List<String> KEYS = List.of(
            "name",
            "tasks.max",
            "topics",
            "topic.prefix",
            "mode",
            "batch.max.rows",
            "connection.url",
            "connection.user",
            "connection.password",
            "poll.interval.ms",
            "timestamp.column.name",
            "incrementing.column.name");

    @ParameterizedTest
    @CsvSource({
        "task.max, tasks.max",
        "topics.prefix, topic.prefix",
        "topic.perfix, topic.prefix",
        "conection.url, connection.url",
        "connection.pasword, connection.password",
        "connection.username, connection.user",
        "connectionUrl, connection.url",
        "batch_max_rows, batch.max.rows",
        "poll.interval, poll.interval.ms",
        "timestamp.column, timestamp.column.name",
        "user, connection.user",
        "TOPICS, topics",
    })
    void namesWhatWasMeant(String written, String meant) {
        assertThat(Spelling.best(written, KEYS)).contains(meant);
    }

    @Test
    void namesAMistypedChoice() {
        assertThat(Spelling.nearest("incremental", List.of("bulk", "incrementing", "timestamp")))
                .containsExactly("incrementing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"colour", "zzz", "x", "", "debug.something.else", "transforms.key.fields"})
    void whatResemblesNothingGetsNoSuggestion(String written) {
        assertThat(Spelling.nearest(written, KEYS)).isEmpty();
    }

    @Test
    void aSwapOfNeighboursIsOneMistake() {
        assertThat(Spelling.distance("order", "odrer")).isEqualTo(1);
        assertThat(Spelling.distance("order", "orders")).isEqualTo(1);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
    }
}
