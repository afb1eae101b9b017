/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.topics.InMemoryLog;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class StatusStoreTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");

    private final StatusStore store = new StatusStore(InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_000L)));
    private final InMemoryLog log = new InMemoryLog(store);

    StatusStoreTest() {
        store.writeTo(log);
    }

    @Test
    void recordsAreThoseOfKafkaConnectToTheByte() {
        store.put(ORDERS, new Status(State.RUNNING, null, "w:8083", 3, "1.0"));
        store.put(ORDERS.task(0), new Status(State.FAILED, "trace", "w:8083", 3, null));
        store.putTopic("t", ORDERS.task(1));

        assertThat(log.lines())
                .containsExactly(
                        "status-connector-orders={\"state\":\"RUNNING\",\"trace\":null,\"worker_id\":\"w:8083\",\"generation\":3,\"version\":\"1.0\"}",
                        "status-task-orders-0={\"state\":\"FAILED\",\"trace\":\"trace\",\"worker_id\":\"w:8083\",\"generation\":3,\"version\":null}",
                        "status-topic-t:connector-orders={\"topic\":{\"name\":\"t\",\"connector\":\"orders\",\"task\":1,\"discoverTimestamp\":1700000000000}}");
    }

    @Test
    void statusWithoutAVersionIsUnderstood() {
        log.written(
                "status-connector-orders",
                "{\"state\":\"PAUSED\",\"trace\":null,\"worker_id\":\"w\",\"generation\":1}");

        assertThat(store.connector(ORDERS)).contains(new Status(State.PAUSED, null, "w", 1, null));
    }

    @Test
    void lastWordsDoNotOverwriteAnotherWorkersNews() {
        log.written("status-task-orders-0", "{\"state\":\"RUNNING\",\"worker_id\":\"other\",\"generation\":5}");

        store.putUnlessOthers(ORDERS.task(0), new Status(State.UNASSIGNED, null, "me", 4, null));

        assertThat(store.task(ORDERS.task(0)).orElseThrow().workerId()).isEqualTo("other");
    }

    @Test
    void removedConnectorLeavesNothing() {
        store.put(ORDERS, new Status(State.RUNNING, null, "w", 1, null));
        store.put(ORDERS.task(0), new Status(State.RUNNING, null, "w", 1, null));
        store.putTopic("t", ORDERS.task(0));

        store.remove(ORDERS);

        assertThat(store.connector(ORDERS)).isEmpty();
        assertThat(store.tasks(ORDERS)).isEmpty();
        assertThat(store.topics(ORDERS)).isEmpty();
    }

    @Test
    void nonsenseIsSkippedAndTheOthersGoOn() {
        log.written("status-task-orders-x", "{}");
        log.written("status-connector-orders", "{\"state\":\"DANCING\",\"worker_id\":\"w\",\"generation\":1}");
        log.written("status-connector-orders", "{");
        log.written("status-connector-b", "{\"state\":\"RUNNING\",\"worker_id\":\"w\",\"generation\":1}");

        assertThat(store.connectors()).containsExactly(new ConnectorName("b"));
    }
}
