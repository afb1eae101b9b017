/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who changes connectors and their tasks in the config topic: in a group the leader alone, so that two workers never write over each
 * other. Called on the herder's thread.
 */
interface Leadership {
    /**
     * Carries out what somebody asks for if this worker leads its group. Otherwise nothing is done, and the stage fails with an {@link
     * io.levada.runtime.peers.AnotherWorkerException} that names the leader, so that REST can hand the request on, or with a {@link
     * io.levada.runtime.peers.GroupBusyException} if nobody leads just now.
     */
    <T> CompletionStage<T> command(Supplier<CompletionStage<T>> here);

    /**
     * Hands what somebody asks for to who runs what it is about, which is not this worker: to the leader, or if that is this worker to the owner.
     * The stage fails as above.
     *
     * @param owner URL of the worker that is to run it, as far as this worker knows
     */
    <T> CompletionStage<T> elsewhere(Supplier<Optional<String>> owner);

    /** Writes the task configs that a connector on this worker has made, or hands them to the leader; completes once they are written. */
    CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks);
}
