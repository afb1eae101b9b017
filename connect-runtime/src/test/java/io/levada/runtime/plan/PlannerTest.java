/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final ConnectorName A = new ConnectorName("a");
    private static final ConnectorWork STARTED = new ConnectorWork(Map.of("k", "1"), TargetState.STARTED);
    private static final TaskWork TASK = new TaskWork(Map.of("k", "1"), Map.of("t", "1"), false);

    private static Work work(Map<ConnectorName, ConnectorWork> connectors, Map<TaskId, TaskWork> tasks) {
        return new Work(new TreeMap<>(connectors), new TreeMap<>(tasks));
    }

    @Test
    void nothingChangedIsNothingToDo() {
        Work same = work(Map.of(A, STARTED), Map.of(A.task(0), TASK));

        assertThat(Planner.plan(same, same)).isEmpty();
    }

    @Test
    void stopsComeBeforeStarts() {
        ConnectorName b = new ConnectorName("b");

        assertThat(Planner.plan(
                        work(Map.of(b, STARTED), Map.of(b.task(0), TASK)),
                        work(Map.of(A, STARTED), Map.of(A.task(0), TASK))))
                .containsExactly(
                        new Step.StopTask(b.task(0)),
                        new Step.StopConnector(b),
                        new Step.StartConnector(A, STARTED),
                        new Step.StartTask(A.task(0), TASK));
    }

    @Test
    void otherConfigIsANewLifeAndOtherTargetIsNot() {
        ConnectorWork paused = new ConnectorWork(STARTED.config(), TargetState.PAUSED);
        ConnectorWork changed = new ConnectorWork(Map.of("k", "2"), TargetState.STARTED);

        assertThat(Planner.plan(work(Map.of(A, STARTED), Map.of()), work(Map.of(A, paused), Map.of())))
                .containsExactly(new Step.RetargetConnector(A, TargetState.PAUSED));
        assertThat(Planner.plan(work(Map.of(A, STARTED), Map.of()), work(Map.of(A, changed), Map.of())))
                .containsExactly(new Step.ReconfigureConnector(A, changed));
    }

    @Test
    void pausedTaskKeepsItsLife() {
        TaskWork paused = new TaskWork(TASK.connectorConfig(), TASK.taskConfig(), true);
        TaskWork changed = new TaskWork(Map.of("k", "2"), TASK.taskConfig(), false);

        assertThat(Planner.plan(work(Map.of(), Map.of(A.task(0), TASK)), work(Map.of(), Map.of(A.task(0), paused))))
                .containsExactly(new Step.PauseTask(A.task(0), true));
        assertThat(Planner.plan(work(Map.of(), Map.of(A.task(0), TASK)), work(Map.of(), Map.of(A.task(0), changed))))
                .containsExactly(new Step.ReconfigureTask(A.task(0), changed));
    }
}
