/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.sink.SinkLoops;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A sink: its tasks are a consumer group, in which partitions move as members come, go and hang. */
final class SinkPlay implements Play {
    private final World world;
    private final SinkLedger ledger;
    private final SimulatedGroup group;

    SinkPlay(World world) {
        this.world = world;
        this.ledger = new SinkLedger(world.fibers().trace());
        this.group = new SimulatedGroup(world.fibers(), ledger);
    }

    @Override
    public Map<String, @Nullable String> connectorConfig() {
        Map<String, @Nullable String> config = new TreeMap<>();
        config.put("connector.class", RecordingSink.class.getName());
        config.put("topics", World.TOPIC);
        return config;
    }

    @Override
    public Map<String, @Nullable String> taskConfig(int task, int tasks, int generation) {
        return Map.of("task.class", SimulatedSink.class.getName(), "topics", World.TOPIC);
    }

    @Override
    public TaskLoop loop(
            Life life,
            TaskSpec spec,
            TaskControl control,
            TaskListener listener,
            TaskServices services,
            TaskMeter meter,
            WorkerProcess process) {
        SimulatedSink.next(world, ledger, life);
        return SinkLoops.open(
                spec,
                control,
                listener,
                services,
                meter,
                settings -> new SimulatedConsumer(world, group, ledger, life));
    }

    @Override
    public SimulatedLog.Watch offsetWatch() {
        return new SimulatedLog.Watch() {};
    }

    @Override
    public void fence(String transactionalId) {}

    @Override
    public void died(WorkerProcess process) {
        // The group finds out when it has not heard of its members for a while.
    }

    @Override
    public List<String> missing() {
        return ledger.missing();
    }
}
