/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plan;

import io.levada.runtime.connector.TargetState;
import java.util.ArrayList;
import java.util.List;

/** Compares what runs with what should run. Stops come first, tasks before connectors; then changes; then starts. */
public final class Planner {
    private Planner() {}

    /** The steps that turn {@code running} into {@code wanted}; none if they are the same. */
    public static List<Step> plan(Work running, Work wanted) {
        List<Step> steps = new ArrayList<>();
        running.tasks().keySet().stream()
                .filter(id -> !wanted.tasks().containsKey(id))
                .forEach(id -> steps.add(new Step.StopTask(id)));
        running.connectors().keySet().stream()
                .filter(name -> !wanted.connectors().containsKey(name))
                .forEach(name -> steps.add(new Step.StopConnector(name)));
        changeConnectors(running, wanted, steps);
        changeTasks(running, wanted, steps);
        wanted.connectors().forEach((name, work) -> {
            if (!running.connectors().containsKey(name)) {
                steps.add(new Step.StartConnector(name, work));
            }
        });
        wanted.tasks().forEach((id, work) -> {
            if (!running.tasks().containsKey(id)) {
                steps.add(new Step.StartTask(id, work));
            }
        });
        return List.copyOf(steps);
    }

    private static void changeConnectors(Work running, Work wanted, List<Step> steps) {
        running.connectors().forEach((name, now) -> {
            ConnectorWork then = wanted.connectors().get(name);
            if (then == null || then.equals(now)) {
                return;
            }
            TargetState target = then.target();
            steps.add(
                    then.config().equals(now.config())
                            ? new Step.RetargetConnector(name, target)
                            : new Step.ReconfigureConnector(name, then));
        });
    }

    private static void changeTasks(Work running, Work wanted, List<Step> steps) {
        running.tasks().forEach((id, now) -> {
            TaskWork then = wanted.tasks().get(id);
            if (then != null && !then.equals(now)) {
                steps.add(
                        then.sameConfigs(now)
                                ? new Step.PauseTask(id, then.paused())
                                : new Step.ReconfigureTask(id, then));
            }
        });
    }
}
