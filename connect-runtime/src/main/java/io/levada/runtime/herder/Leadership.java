/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who changes connectors and their tasks in the config topic: in a group the leader alone, so that two workers never write over each
 * other. (How many tasks are fenced is noted by who fences them.) Called on the herder's thread.
 */
interface Leadership {
    /**
     * Carries out what somebody asks for if this worker leads its group. Otherwise nothing is done, and the stage fails with a reason
     * that names the leader, so that REST can hand the request on.
     */
    <T> CompletionStage<T> command(Supplier<CompletionStage<T>> here);

    /** Writes the task configs that a connector on this worker has made, or hands them to the leader; completes once they are written. */
    CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks);
}
