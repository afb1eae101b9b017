/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Time, chance, the config topic, workers and what befalls them; after each event it judges who runs what. One thread. */
final class GroupWorld {
    static final int WORKERS = 3;
    private static final int CONNECTORS = 4;
    private static final int TASKS = 3;
    /** For as long after the last disturbance may work be without an owner: session, delay, and rounds with lost messages. */
    static final long PROMISED_MS = 40_000;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparingLong(Event::number));
    private final List<String> trace = new ArrayList<>();
    private final Map<Integer, SimulatedWorker> workers = new TreeMap<>();
    /** Since when a task has no owner. */
    private final Map<TaskId, Long> idle = new HashMap<>();

    final Random chance;
    final SimulatedBrokers brokers = new SimulatedBrokers(this);
    private ClusterConfig config = config(0, 0);
    private int edits;
    private long nowMs = 1_000_000;
    private long number;
    private long disturbedMs = nowMs;
    private boolean calm;

    private record Event(long atMs, long number, Runnable what) {}

    GroupWorld(long seed) {
        this.chance = new Random(seed);
        for (int worker = 0; worker < WORKERS; worker++) {
            start(worker);
        }
    }

    long nowMs() {
        return nowMs;
    }

    ClusterConfig config() {
        return config;
    }

    void after(long delayMs, Runnable what) {
        events.add(new Event(nowMs + delayMs, number++, what));
    }

    void note(String what) {
        trace.add(nowMs + " " + what);
    }

    boolean isLost() {
        return !calm && chance.nextInt(100) < 2;
    }

    /** So many disturbances, each followed by a while, and then rest. */
    void play(int disturbances) {
        runFor(15_000);
        for (int i = 0; i < disturbances; i++) {
            disturb();
            runFor(chance.nextInt(4) == 0 ? chance.nextInt(45_000) : chance.nextInt(9_000));
        }
        calm = true;
        disturbedMs = Math.max(disturbedMs, nowMs);
        for (int worker = 0; worker < WORKERS; worker++) {
            SimulatedWorker life = workers.get(worker);
            if (life == null) {
                start(worker);
            } else {
                disturbedMs = Math.max(disturbedMs, life.heal());
            }
        }
        runFor(disturbedMs - nowMs + PROMISED_MS);
        judgeRest();
    }

    private void runFor(long lengthMs) {
        long endMs = nowMs + lengthMs;
        for (Event next = events.peek(); next != null && next.atMs <= endMs; next = events.peek()) {
            events.remove();
            nowMs = next.atMs;
            next.what.run();
            judge();
        }
        nowMs = endMs;
    }

    private void start(int worker) {
        note("worker " + worker + " starts");
        workers.put(worker, new SimulatedWorker(this, worker));
    }

    private void disturb() {
        disturbedMs = Math.max(disturbedMs, nowMs);
        int worker = chance.nextInt(WORKERS);
        SimulatedWorker life = workers.get(worker);
        int lengthMs = 500 + chance.nextInt(25_000);
        if (life == null) {
            start(worker);
            return;
        }
        switch (chance.nextInt(7)) {
            case 0 -> {
                note("worker " + worker + " is killed");
                life.kill();
                workers.remove(worker);
            }
            case 1 -> {
                note("worker " + worker + " hangs for " + lengthMs);
                life.hang(lengthMs);
                disturbedMs = Math.max(disturbedMs, nowMs + lengthMs);
            }
            case 2 -> {
                note("worker " + worker + " is cut off for " + lengthMs);
                life.cut(lengthMs);
                disturbedMs = Math.max(disturbedMs, nowMs + lengthMs);
            }
            case 3 -> {
                note("worker " + worker + " reads the config topic late for " + lengthMs);
                life.readLate(lengthMs);
                disturbedMs = Math.max(disturbedMs, nowMs + lengthMs);
            }
            case 4 -> {
                note("worker " + worker + " leaves");
                life.leave();
                workers.remove(worker);
            }
            default -> {
                edits++;
                config = config(edits, config.offset() + 5);
                note("config " + config.offset());
                List.copyOf(workers.values()).forEach(SimulatedWorker::configChanged);
            }
        }
    }

    /** Each edit adds a connector's tasks or takes some. */
    private static ClusterConfig config(int edit, long offset) {
        SortedMap<ConnectorName, ClusterConfig.Entry> entries = new TreeMap<>();
        for (int connector = 0; connector < CONNECTORS; connector++) {
            int tasks = 1 + (connector + edit) % TASKS;
            Map<String, @Nullable String> settings = Map.of("name", "c" + connector);
            entries.put(
                    new ConnectorName("c" + connector),
                    new ClusterConfig.Entry(
                            settings, TargetState.STARTED, Collections.nCopies(tasks, Map.of()), settings));
        }
        return new ClusterConfig(entries, Map.of(), Set.of(), offset);
    }

    private List<SimulatedWorker> owners(TaskId id, Predicate<SimulatedWorker> which) {
        return workers.values().stream()
                .filter(life -> life.runs(id) && which.test(life))
                .toList();
    }

    /** No task with two owners, but for one that hung until a moment ago; none without one for longer than promised. */
    private void judge() {
        if (workers.isEmpty()) {
            disturbedMs = Math.max(disturbedMs, nowMs);
        }
        for (TaskId id : Share.of(config).tasks()) {
            List<SimulatedWorker> owners = owners(id, life -> !life.isHung() && !life.hungJustNow());
            if (owners.size() > 1) {
                violated(id + " has the owners " + owners);
            }
            if (!owners(id, life -> true).isEmpty() || nowMs < disturbedMs) {
                idle.remove(id);
            } else if (nowMs - Math.max(disturbedMs, idle.computeIfAbsent(id, first -> nowMs)) > PROMISED_MS) {
                violated(id + " has no owner since " + idle.get(id));
            }
        }
    }

    private void judgeRest() {
        Map<SimulatedWorker, Integer> counts = new HashMap<>();
        workers.values().forEach(life -> counts.put(life, 0));
        for (TaskId id : Share.of(config).tasks()) {
            List<SimulatedWorker> owners = owners(id, life -> true);
            if (owners.size() != 1) {
                violated("at rest " + id + " has the owners " + owners);
            }
            counts.merge(owners.get(0), 1, Integer::sum);
        }
        if (Collections.max(counts.values()) - Collections.min(counts.values()) > 1) {
            violated("at rest it is spread " + counts);
        }
        for (SimulatedWorker life : workers.values()) {
            if (!life.running().equals(wanted(life))) {
                violated("at rest " + life + " runs " + life.running() + " of " + wanted(life));
            }
        }
    }

    private Set<TaskId> wanted(SimulatedWorker life) {
        return Share.of(config).tasks().stream().filter(life::runs).collect(Collectors.toSet());
    }

    private void violated(String what) {
        int from = Math.max(0, trace.size() - 150);
        throw new AssertionError(nowMs + " " + what + "\n" + String.join("\n", trace.subList(from, trace.size())));
    }
}
