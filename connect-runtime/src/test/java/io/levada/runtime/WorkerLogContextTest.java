/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.CountingSource;
import io.levada.runtime.connectors.TracedSource;
import io.levada.runtime.connectors.TracedStages;
import io.levada.runtime.herder.ConnectorOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every thread that calls a connector's plugin says for whom it works (KIP-449). */
class WorkerLogContextTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ConnectorName TRACED = new ConnectorName("traced");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    @Test
    void everyCallOfAPluginIsMadeUnderItsContext() {
        Map<String, String> broker =
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString());
        // Only commits beside the task's thread have a context of their own; transactions end on it.
        Map<String, String> atLeastOnce = Map.of("exactly.once.source.support", "disabled");
        try (RunningWorker worker = new RunningWorker(broker, atLeastOnce)) {
            worker.create(
                    "traced",
                    Map.of("connector.class", TracedSource.class.getName(), "tasks.max", "1", "topic", "traced"));
            worker.awaitStates("traced", "RUNNING", "RUNNING");
            await().atMost(PATIENCE)
                    .until(() ->
                            TracedSource.CONTEXTS.keySet().containsAll(Set.of("task.commit", "task.commitRecord")));

            RunningWorker.get(worker.herder().stop(TRACED));
            worker.awaitStates("traced", "STOPPED");
            RunningWorker.get(worker.herder()
                    .alterOffsets(TRACED, List.of(new ConnectorOffset(Map.of("p", "1"), Map.of("n", 1L)))));
        }

        String ofConnector = "[traced|worker] ";
        String ofTask = "[traced|task-0] ";
        String ofOffsets = "[traced|task-0|offsets] ";
        assertThat(TracedSource.CONTEXTS.get("task.commit"))
                .isSubsetOf(ofOffsets, ofTask)
                .contains(ofOffsets);
        TracedSource.CONTEXTS.remove("task.commit");
        assertThat(TracedSource.CONTEXTS)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "connector.validate", Set.of("[traced|validate] "),
                        "connector.start", Set.of(ofConnector),
                        "connector.taskConfigs", Set.of(ofConnector),
                        "connector.stop", Set.of(ofConnector),
                        "connector.alterOffsets", Set.of(ofConnector),
                        "task.start", Set.of(ofTask),
                        "task.poll", Set.of(ofTask),
                        "task.commitRecord", Set.of(ofTask),
                        "task.stop", Set.of(ofTask)));
    }

    @Test
    void callsOfSinksConvertersAndTransformsAreMadeUnderTheirTasksContext() {
        Map<String, String> broker =
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString());
        try (RunningWorker worker = new RunningWorker(broker, Map.of())) {
            worker.create(
                    "from",
                    Map.of(
                            "connector.class", CountingSource.class.getName(),
                            "tasks.max", "1",
                            "topic", "stages",
                            "count", "3",
                            "value.converter", TracedStages.Converter.class.getName()));
            worker.create(
                    "to",
                    Map.of(
                            "connector.class", TracedStages.Sink.class.getName(),
                            "tasks.max", "1",
                            "topics", "stages",
                            "consumer.override.auto.offset.reset", "earliest",
                            "value.converter", TracedStages.Converter.class.getName(),
                            "transforms", "traced",
                            "transforms.traced.type", TracedStages.Transform.class.getName()));
            await().atMost(PATIENCE)
                    .until(() -> TracedStages.CONTEXTS
                            .keySet()
                            .containsAll(
                                    Set.of("converter.fromConnectData", "converter.toConnectData", "transform.apply")));
            RunningWorker.get(worker.herder().stop(new ConnectorName("to")));
            worker.awaitStates("to", "STOPPED");
            await().atMost(PATIENCE).until(() -> TracedStages.CONTEXTS.containsKey("transform.close"));
        }

        Set<String> ofTask = Set.of("[to|task-0] ");
        assertThat(TracedStages.CONTEXTS)
                .containsEntry("connector.start", Set.of("[to|worker] "))
                .containsEntry("connector.stop", Set.of("[to|worker] "))
                .containsEntry("converter.fromConnectData", Set.of("[from|task-0] "));
        assertThat(TracedStages.CONTEXTS.get("converter.configure")).contains("[to|task-0] ", "[from|task-0] ");
        for (String call : List.of("start", "open", "put", "close", "stop")) {
            assertThat(TracedStages.CONTEXTS).containsEntry("task." + call, ofTask);
        }
        for (String call : List.of("transform.configure", "transform.apply", "converter.toConnectData")) {
            assertThat(TracedStages.CONTEXTS).containsEntry(call, ofTask);
        }
        // The validation closes the one that it asked for its keys, too.
        assertThat(TracedStages.CONTEXTS.get("transform.close"))
                .contains("[to|task-0] ")
                .isSubsetOf("[to|task-0] ", "[to|validate] ");
    }
}
