/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.status.State;
import io.levada.runtime.status.Status;
import io.levada.runtime.status.StatusStore;
import org.jspecify.annotations.Nullable;

/** Says in the status topic what this worker's connectors and tasks do, with its name and generation. */
final class StatusReports {
    private final StatusStore store;
    private final WorkerMeters meters;
    private final String workerId;
    /** Set and read by the herder's thread. */
    private int generation;

    StatusReports(StatusStore store, WorkerMeters meters, String workerId) {
        this.store = store;
        this.meters = meters;
        this.workerId = workerId;
    }

    void generation(int current) {
        this.generation = current;
    }

    void say(ConnectorName name, State state, @Nullable String trace, @Nullable String version) {
        meters.status(name, state);
        store.put(name, new Status(state, trace, workerId, generation, version));
    }

    void say(TaskId id, State state, @Nullable String trace, @Nullable String version) {
        meters.status(id, state);
        store.put(id, new Status(state, trace, workerId, generation, version));
    }

    /** A state that is but an episode: trace and version stay as they were said before. */
    void sayMeanwhile(ConnectorName name, State state) {
        Status before = store.connector(name).orElse(null);
        say(name, state, before == null ? null : before.trace(), before == null ? null : before.version());
    }

    /** As above. */
    void sayMeanwhile(TaskId id, State state) {
        Status before = store.task(id).orElse(null);
        say(id, state, before == null ? null : before.trace(), before == null ? null : before.version());
    }

    /** Last words of a worker that stops. */
    void sayUnassigned(TaskId id) {
        String version = store.task(id).map(Status::version).orElse(null);
        store.putUnlessOthers(id, new Status(State.UNASSIGNED, null, workerId, generation, version));
    }
}
