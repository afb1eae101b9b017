/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.configtopic.ClusterConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** This worker's place in its group, and by that what it is to run. */
public interface Membership extends AutoCloseable {
    /** Joins; {@code events} is called on any thread, one call at a time, and must not block. */
    void join(Consumer<GroupEvent> events);

    /** The config is another now, so that who leads the group may have to assign anew. Any thread; does not block. */
    void onConfig(ClusterConfig config);

    /** Completes with the reason if another worker has taken this one's place for good. */
    default CompletionStage<Throwable> broken() {
        return new CompletableFuture<>();
    }

    /** Leaves, so that the others need not wait for a time-out. */
    @Override
    void close();
}
