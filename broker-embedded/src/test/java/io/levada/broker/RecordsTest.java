/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
    @TempDir
    Path dir;

    @Test
    void whatIsProducedIsConsumedInOrder() {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 2);
            List<String> values =
                    IntStream.range(0, 1000).mapToObj(i -> "order " + i).toList();
            broker.produce("orders", 1, values);
            assertThat(broker.read("orders", 1, values.size())).isEqualTo(values);
        }
    }

    @Test
    void recordsAndTopicsSurviveARestart() {
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.createTopic("orders", 3);
            broker.produce("orders", 2, List.of("a", "b"));
        }
        try (TestBroker broker = TestBroker.in(dir)) {
            broker.produce("orders", 2, List.of("c"));
            assertThat(broker.read("orders", 2, 3)).containsExactly("a", "b", "c");
        }
    }
}
