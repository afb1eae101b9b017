/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.simulation.SourceLedger.Offset;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.source.SourceLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A source: its partitions move between its tasks with every generation of their configs. */
final class SourcePlay implements Play {
    private final World world;
    private final boolean exactlyOnce;
    private final String boundary;
    private final SourceLedger ledger;
    private final Transactions transactions;
    private final List<SimulatedProducer> producers = new ArrayList<>();

    SourcePlay(World world, boolean exactlyOnce, KeptTopic offsets) {
        this.world = world;
        this.exactlyOnce = exactlyOnce;
        this.boundary =
                List.of("poll", "interval", "connector").get(world.fibers().choose(3));
        this.ledger = new SourceLedger(world.fibers().trace(), exactlyOnce, World.PARTITIONS, World.RECORDS);
        this.transactions = new Transactions(world.fibers(), offsets, ledger);
    }

    SourceLedger ledger() {
        return ledger;
    }

    Transactions transactions() {
        return transactions;
    }

    @Override
    public Map<String, @Nullable String> connectorConfig() {
        Map<String, @Nullable String> config = new TreeMap<>();
        config.put("connector.class", ScriptedSource.class.getName());
        config.put("transforms", "drop");
        config.put("transforms.drop.type", DropEvery.class.getName());
        config.put("transforms.drop.value", String.valueOf(SourceLedger.DROPPED));
        if (exactlyOnce) {
            config.put("transaction.boundary", boundary);
            config.put("transaction.boundary.interval.ms", "3000");
        }
        return config;
    }

    @Override
    public Map<String, @Nullable String> taskConfig(int task, int tasks, int generation) {
        StringBuilder partitions = new StringBuilder();
        for (int partition = task; partition < World.PARTITIONS; partition += tasks) {
            partitions.append(partitions.isEmpty() ? "" : ",").append((partition + generation) % World.PARTITIONS);
        }
        return Map.of("task.class", SimulatedSource.class.getName(), "partitions", partitions.toString());
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
        ledger.begins(life);
        SimulatedSource.next(world, this, life);
        return SourceLoops.open(spec, control, listener, services, meter, settings -> {
            SimulatedProducer producer = new SimulatedProducer(
                    world,
                    this,
                    process,
                    (String) settings.get("transactional.id"),
                    services.worker().topics().offsets().name());
            producers.add(producer);
            return producer;
        });
    }

    @Override
    public SimulatedLog.Watch offsetWatch() {
        return new SimulatedLog.Watch() {
            @Override
            public void handedOver(byte[] key, byte @Nullable [] value) {
                ledger.handedOver(Offset.of(key, value));
            }

            @Override
            public void held(byte[] key, byte @Nullable [] value) {
                ledger.held(Offset.of(key, value));
            }

            @Override
            public void heldLate(byte[] key, byte @Nullable [] value) {
                ledger.heldLate(Offset.of(key, value));
            }
        };
    }

    @Override
    public void fence(String transactionalId) {
        transactions.fence(transactionalId);
    }

    @Override
    public void died(WorkerProcess process) {
        producers.forEach(SimulatedProducer::died);
        producers.clear();
    }

    @Override
    public List<String> missing() {
        return ledger.missing();
    }
}
