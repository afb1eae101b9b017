/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is particular to sources or to sinks. */
interface Play {
    Map<String, @Nullable String> connectorConfig();

    Map<String, @Nullable String> taskConfig(int task, int tasks, int generation);

    /** A loop of the worker over simulated clients. */
    TaskLoop loop(
            Life life,
            TaskSpec spec,
            TaskControl control,
            TaskListener listener,
            TaskServices services,
            TaskMeter meter,
            WorkerProcess process);

    /** Who hears of offsets that are written outside of transactions. */
    SimulatedLog.Watch offsetWatch();

    /** A transactional id is fenced. */
    void fence(String transactionalId);

    /** A process has died. */
    void died(WorkerProcess process);

    /** What should be there in the end, and is not. */
    List<String> missing();
}
