/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.State;
import io.levada.runtime.status.Status;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.topics.HeldBackLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of task configs that are written while a command is under way: the topic answers late, and in its own order. */
class CommandsTest {
    private static final ConnectorName ORDERS = new ConnectorName("orders");
    private static final List<Map<String, @Nullable String>> ONE_TASK = List.of(Map.of("task.class", "X"));

    private final ConfigStore store = new ConfigStore(new ConfigListener() {
        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onRestart(RestartRequest request) {}
    });
    private final HeldBackLog topic = new HeldBackLog(store);
    private final Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
    private final StatusStore statuses = new StatusStore(InstantSource.system());
    private final HeldBackLog statusTopic = new HeldBackLog(statuses);
    private final Queries queries = new Queries(store::snapshot, statuses, plugins, "here:8083");
    private final Commands commands = new Commands(
            store, queries, statuses, config -> CompletableFuture.completedFuture(List.of()), Runnable::run);

    @BeforeEach
    void aConnectorThatRuns() {
        store.writeTo(topic);
        statuses.writeTo(statusTopic);
        create();
    }

    @AfterEach
    void close() {
        plugins.close();
    }

    @Test
    void tasksWrittenWhileAConnectorStopsAreNotKept() {
        CompletionStage<Void> stopped = commands.target(ORDERS, TargetState.STOPPED);
        tasksAreMade();
        topic.bringAll();

        assertThat(stopped).isCompleted();
        assertThat(store.snapshot().tasks(ORDERS)).isEmpty();
    }

    @Test
    void tasksWrittenWhileAConnectorIsDeletedDoNotComeBackWithItsName() {
        CompletionStage<Void> deleted = commands.delete(ORDERS);
        tasksAreMade();
        topic.bringAll();
        statusTopic.bringAll();
        assertThat(deleted).isCompleted();

        create();

        assertThat(store.snapshot().connector(ORDERS)).isPresent();
        assertThat(store.snapshot().tasks(ORDERS)).isEmpty();
    }

    /** The topic takes the end of the connector, and then no more. */
    @Test
    void whatIsLeftOfADeletedConnectorIsToldAndDeletedBySecondCall() {
        tasksAreMade();
        topic.bringAll();
        topic.refuse("target-state-orders", "commit-orders");
        CompletionStage<Void> deleted = commands.delete(ORDERS);
        topic.bringAll();

        assertThat(deleted)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ConnectException.class)
                .withMessageContaining("Connector orders is deleted, but not all that is kept of it: delete it again.")
                .withMessageContaining("refused on purpose");
        assertThat(store.snapshot().connector(ORDERS)).isEmpty();

        topic.refuse();
        CompletionStage<Void> again = commands.delete(ORDERS);
        topic.bringAll();
        statusTopic.bringAll();
        assertThat(again).isCompleted();
        assertThatThrownBy(() -> commands.delete(ORDERS)).isInstanceOf(ConnectorNotFoundException.class);
    }

    @Test
    void aDeletedConnectorIsDeletedOnceNothingIsSaidOfItAnyMore() {
        statuses.put(ORDERS, new Status(State.RUNNING, null, "w", 1, "1"));
        statuses.put(ORDERS.task(0), new Status(State.RUNNING, null, "w", 1, "1"));
        statusTopic.bringAll();

        CompletionStage<Void> deleted = commands.delete(ORDERS);
        topic.bringAll();
        assertThat(deleted).isNotCompleted();
        statusTopic.bringAll();

        assertThat(deleted).isCompleted();
        assertThat(statuses.connector(ORDERS)).isEmpty();
        assertThat(statuses.tasks(ORDERS)).isEmpty();
    }

    @Test
    void aConnectorOfWhichNothingIsSaidYetIsUnassigned() {
        ReportedState before = queries.status(ORDERS).connector();
        assertThat(before).isEqualTo(new ReportedState("UNASSIGNED", "here:8083", null, null));
        assertThat(queries.status(ORDERS).tasks()).isEmpty();

        statuses.put(ORDERS, new Status(State.RUNNING, null, "w", 1, "1"));
        statusTopic.bringAll();
        assertThat(queries.status(ORDERS).connector()).isEqualTo(new ReportedState("RUNNING", "w", null, "1"));

        assertThatThrownBy(() -> queries.status(new ConnectorName("none")))
                .isInstanceOf(ConnectorNotFoundException.class)
                .hasMessage("No status found for connector none");
    }

    private void create() {
        CompletionStage<ConnectorInfo> created = commands.create(ORDERS, Map.of("connector.class", "X"), null);
        topic.bringAll();
        assertThat(created).isCompleted();
    }

    /** The command has not come back, so the connector counts as one that runs. */
    private void tasksAreMade() {
        assertThat(store.snapshot().connector(ORDERS))
                .hasValueSatisfying(entry -> assertThat(entry.target()).isEqualTo(TargetState.STARTED));
        CompletionStage<Void> unused = store.putTasks(ORDERS, ONE_TASK);
    }
}
