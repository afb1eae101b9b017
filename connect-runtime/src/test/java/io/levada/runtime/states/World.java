/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What the scripted connectors and tasks of one history share, and what must never be; any thread. */
final class World {
    private static volatile @Nullable World current;

    private final Lives<ConnectorName, ScriptedSource> connectors = new Lives<>(() -> this.step, this::violated);
    private final Lives<TaskId, ScriptedLoop> tasks = new Lives<>(() -> this.step, this::violated);
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Set<String> mended = ConcurrentHashMap.newKeySet();
    /** What is settled, so that no task begins any more that has not heard of it; empty for a connector that is deleted. */
    private final Map<ConnectorName, Optional<TargetState>> settled = new ConcurrentHashMap<>();

    private volatile int step;

    /** A new one, in which connectors find themselves from now on. */
    static World begin() {
        World world = new World();
        current = world;
        return world;
    }

    /** The newest: the worker makes connectors by their class's name, so that nobody can hand them anything. */
    static World current() {
        World world = current;
        if (world == null) {
            throw new IllegalStateException("no history has begun");
        }
        return world;
    }

    Lives<ConnectorName, ScriptedSource> connectors() {
        return connectors;
    }

    Lives<TaskId, ScriptedLoop> tasks() {
        return tasks;
    }

    /** Something is about to be done: nothing is settled. */
    void step(int next) {
        settled.clear();
        step = next;
    }

    /** All has come to rest. */
    void settle(Set<ConnectorName> known, Map<ConnectorName, TargetState> targets) {
        known.forEach(name -> settled.put(name, Optional.ofNullable(targets.get(name))));
    }

    /**
     * @param stopping whether it has been told to stop
     * @param paused whether it has been told to keep still
     */
    void taskBegins(TaskId id, ScriptedLoop life, int version, boolean stopping, boolean paused) {
        Optional<TargetState> wish = settled.get(id.connector());
        if (wish != null && !stopping) {
            boolean may = wish.filter(
                            target -> target == TargetState.STARTED || (target == TargetState.PAUSED && paused))
                    .isPresent();
            if (!may) {
                violated(id + " began and had not heard that its connector is settled to be " + wish);
            }
        }
        tasks.begin(id, life, version);
    }

    /** Starts under this version of a config do not fail any more. */
    void mend(ConnectorName name, int version) {
        mended.add(name + " v" + version);
    }

    boolean isMended(ConnectorName name, int version) {
        return mended.contains(name + " v" + version);
    }

    void violated(String what) {
        violations.add("step " + step + ": " + what);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
