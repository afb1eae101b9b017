/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** This worker's place in its group, and by that what it is to run. */
public interface Membership extends AutoCloseable {
    /**
     * Joins.
     *
     * @param events is called on any thread, one call at a time, and must not block
     * @param readConfig reads the config topic to its end, for a leader that knows less of it than another member
     */
    void join(Consumer<GroupEvent> events, Supplier<CompletionStage<ClusterConfig>> readConfig);

    /** The config is another now, so that the group may have to agree anew. Any thread; does not block. */
    void onConfig(ClusterConfig config);

    /** Asks the group to agree anew. Any thread; does not block. */
    void agreeAnew();

    /** Who leads; empty while the group agrees, and while this worker has no place in it. Any thread. */
    Optional<Leader> leader();

    /**
     * Whether what was begun as the leader's business may be brought to its end here: so it is while the group agrees anew, as its brokers leave the lead with a
     * member as long as they have it. Any thread.
     */
    boolean mayStillLead();

    /** Completes when {@link #leader} says one, at once if it does; on any thread. */
    CompletionStage<Void> leaderKnown();

    /** The URL of the REST API of the worker that is to run a connector; empty unless this worker leads and knows. Any thread. */
    Optional<String> owner(ConnectorName name);

    /** As above. */
    Optional<String> owner(TaskId id);

    /** Completes with the reason if this worker has lost its place for good. */
    default CompletionStage<Throwable> broken() {
        return new CompletableFuture<>();
    }

    /** Leaves, so that the others need not wait for a time-out. */
    @Override
    void close();
}
