/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.topics.InMemoryLog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OffsetStoreTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");

    private final OffsetStore store = new OffsetStore();
    private final InMemoryLog log = new InMemoryLog(store);

    OffsetStoreTest() {
        store.writeTo(log);
    }

    @Test
    void recordsAreThoseOfKafkaConnectToTheByte() {
        store.write(ORDERS, Map.of(Map.of("table", "a"), Map.of("id", 5)));

        assertThat(log.lines()).containsExactly("[\"orders\",{\"table\":\"a\"}]={\"id\":5}");
    }

    @Test
    void whatIsReadIsWhatWasWrittenAsJsonHasIt() {
        store.write(ORDERS, Map.of(Map.of("shard", 1), Map.of("id", 5, "ratio", 0.5f, "done", true)));

        assertThat(store.offset(ORDERS, Map.of("shard", 1L))).isEqualTo(Map.of("id", 5L, "ratio", 0.5, "done", true));
    }

    @Test
    void orderOfFieldsInAPartitionMakesNoDifference() {
        log.written("[\"orders\",{\"b\":2,\"a\":1}]", "{\"n\":1}");
        Map<String, Object> partition = new LinkedHashMap<>();
        partition.put("a", 1);
        partition.put("b", 2);
        assertThat(store.offset(ORDERS, partition)).isEqualTo(Map.of("n", 1L));

        store.write(ORDERS, Map.of(partition, Map.of("n", 2)));

        assertThat(log.lines().get(1)).isEqualTo("[\"orders\",{\"b\":2,\"a\":1}]={\"n\":2}");
        assertThat(store.offsets(ORDERS)).hasSize(1);
    }

    @Test
    void nullOffsetForgetsThePartition() {
        log.written("[\"orders\",{\"a\":1}]", "{\"n\":1}");

        Map<Map<String, Object>, @Nullable Map<String, Object>> forget = new LinkedHashMap<>();
        forget.put(Map.of("a", 1), null);
        store.write(ORDERS, forget);

        assertThat(store.offset(ORDERS, Map.of("a", 1))).isNull();
        assertThat(log.lines().get(1)).isEqualTo("[\"orders\",{\"a\":1}]=null");
    }

    @Test
    void nonsenseIsSkippedAndTheOthersGoOn() {
        log.written("[\"orders\",{\"a\":1", "{\"n\":1}");
        log.written("[\"orders\"]", "{\"n\":1}");
        log.written("[\"orders\",{\"a\":1}]", "[]");
        log.written("[\"orders\",null]", "{\"n\":7}");
        log.written("[\"orders\",{\"a\":2}]", "{\"n\":2}");

        assertThat(store.offsets(ORDERS)).isEqualTo(Map.of(Map.of("a", 2L), Map.of("n", 2L)));
        assertThat(store.offset(ORDERS, null)).isEqualTo(Map.of("n", 7L));
    }

    @Test
    void offsetThatJsonCannotHoldIsRefusedByName() {
        assertThatThrownBy(() -> store.write(ORDERS, Map.of(Map.of("a", 1), Map.of("list", List.of(1)))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("'list'");
        assertThat(log.lines()).isEmpty();
    }
}
