/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.fencing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.threads.TaskThreads;
import io.levada.runtime.topics.InMemoryLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ZombieFencingTest {
    private static final ConnectorName NAME = new ConnectorName("orders");

    private final ConfigStore configs = new ConfigStore(new ConfigListener() {
        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onRestart(RestartRequest request) {}
    });
    private final InMemoryLog log = new InMemoryLog(configs);
    private final List<String> fenced = new ArrayList<>();
    private boolean refuses;
    private Runnable meanwhile = () -> {};
    private final ZombieFencing fencing = new ZombieFencing(
            configs,
            new ClientConfigs(
                    WorkerConfig.from(Map.of("bootstrap.servers", "localhost:1", "group.id", "group")),
                    new OverridePolicy.All(),
                    "cluster-1"),
            (settings, ids) -> {
                if (refuses) {
                    throw new ConnectException("refused on purpose");
                }
                fenced.addAll(ids);
                meanwhile.run();
            },
            TaskThreads.REAL);

    ZombieFencingTest() {
        configs.writeTo(log);
        var unused = configs.putConnector(NAME, Map.of(), null);
    }

    private void tasks(int count) {
        Map<String, @Nullable String> config = Map.of();
        var unused = configs.putTasks(NAME, Collections.nCopies(count, config));
    }

    @Test
    void theFirstTaskOfAGenerationFencesAllOfTheOneBefore() {
        tasks(3);
        fencing.beforeTask(NAME, Map.of());
        assertThat(fenced).isEmpty();
        tasks(2);

        fencing.beforeTask(NAME, Map.of());
        fencing.beforeTask(NAME, Map.of());

        assertThat(fenced).containsExactly("group-orders-0", "group-orders-1", "group-orders-2");
        assertThat(log.lines()).endsWith("tasks-fencing-orders={\"task-count\":2}");
    }

    @Test
    void aTaskThatFollowsItselfFencesItself() {
        tasks(1);
        fencing.beforeTask(NAME, Map.of());
        tasks(1);

        fencing.beforeTask(NAME, Map.of());

        assertThat(fenced).isEmpty();
        assertThat(configs.snapshot().pendingFencing()).isEmpty();
    }

    @Test
    void noTaskBeginsAndNothingIsNotedIfItFails() {
        tasks(2);
        fencing.beforeTask(NAME, Map.of());
        tasks(1);
        refuses = true;

        assertThatThrownBy(() -> fencing.beforeTask(NAME, Map.of())).hasMessage("refused on purpose");

        assertThat(configs.snapshot().taskCounts()).isEqualTo(Map.of(NAME, 2));
        refuses = false;
        fencing.beforeTask(NAME, Map.of());
        assertThat(fenced).containsExactly("group-orders-0", "group-orders-1");
    }

    @Test
    void allAreFencedBeforeOffsetsAreChanged() {
        fencing.all(NAME, Map.of());
        assertThat(fenced).isEmpty();
        tasks(2);
        fencing.beforeTask(NAME, Map.of());

        fencing.all(NAME, Map.of());

        assertThat(fenced).containsExactly("group-orders-0", "group-orders-1");
    }

    /** Else the note would say that tasks are fenced which nobody has fenced. */
    @Test
    void taskConfigsThatComeMeanwhileAreFencedForAnew() {
        tasks(2);
        fencing.beforeTask(NAME, Map.of());
        tasks(3);
        meanwhile = () -> {
            meanwhile = () -> {};
            tasks(1);
        };

        fencing.beforeTask(NAME, Map.of());

        assertThat(fenced).containsExactly("group-orders-0", "group-orders-1", "group-orders-0", "group-orders-1");
        assertThat(log.lines()).endsWith("tasks-fencing-orders={\"task-count\":1}");
        assertThat(configs.snapshot().pendingFencing()).isEmpty();
    }

    /** They are before the note in the topic, so that nothing is pending; yet they are not what was noted. */
    @Test
    void aNoteThatNewTaskConfigsHaveOvertakenIsNotTheLast() {
        tasks(3);
        fencing.beforeTask(NAME, Map.of());
        tasks(5);
        var unused = configs.putTaskCount(NAME, 3);
        assertThat(configs.snapshot().pendingFencing()).isEmpty();

        fencing.beforeTask(NAME, Map.of());

        assertThat(fenced).containsExactly("group-orders-0", "group-orders-1", "group-orders-2");
        assertThat(log.lines()).endsWith("tasks-fencing-orders={\"task-count\":5}");
    }
}
