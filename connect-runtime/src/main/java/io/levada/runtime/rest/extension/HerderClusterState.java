/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.extension;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.herder.ConnectorStatus;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.herder.ReportedState;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.health.ConnectClusterDetails;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.health.ConnectorHealth;
import org.apache.kafka.connect.health.ConnectorState;
import org.apache.kafka.connect.health.ConnectorType;
import org.apache.kafka.connect.health.TaskState;

/**
 * What extensions may ask of the worker. Blocks, so it is for their threads. A connector that is not there is told with {@link
 * io.levada.runtime.herder.ConnectorNotFoundException}.
 */
final class HerderClusterState implements ConnectClusterState {
    private static final long ANSWER_SECONDS_MAX = 90;

    private final Herder herder;

    HerderClusterState(Herder herder) {
        this.herder = herder;
    }

    @Override
    public Collection<String> connectors() {
        return await(herder.connectors()).stream().map(ConnectorName::value).toList();
    }

    @Override
    public ConnectorHealth connectorHealth(String name) {
        ConnectorStatus status = await(herder.status(new ConnectorName(name)));
        Map<Integer, TaskState> tasks = new LinkedHashMap<>();
        status.tasks().forEach(task -> {
            ReportedState state = task.reported();
            tasks.put(task.id(), new TaskState(task.id(), state.state(), state.workerId(), state.trace()));
        });
        ReportedState connector = status.connector();
        return new ConnectorHealth(
                name,
                new ConnectorState(connector.state(), connector.workerId(), connector.trace()),
                tasks,
                ConnectorType.valueOf(status.type().name()));
    }

    @Override
    public Map<String, String> connectorConfig(String name) {
        return new HashMap<>(await(herder.config(new ConnectorName(name))));
    }

    @Override
    public ConnectClusterDetails clusterDetails() {
        return herder::clusterId;
    }

    private static <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new ConnectException("The worker could not answer a REST extension: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ConnectException(
                    "The worker did not answer a REST extension within " + ANSWER_SECONDS_MAX + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while a REST extension waited for the worker", e);
        }
    }
}
