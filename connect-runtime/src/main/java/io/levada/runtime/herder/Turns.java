/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Commands about one connector take turns: each sees what the one before has done, although each waits for validation
 * and for the config topic. Owned by the herder's thread.
 */
final class Turns {
    private final Executor thread;
    private final Map<ConnectorName, CompletableFuture<?>> last = new HashMap<>();

    Turns(Executor thread) {
        this.thread = thread;
    }

    /** Runs a command after those about the same connector that came before. */
    <T> CompletionStage<T> take(ConnectorName name, Supplier<? extends CompletionStage<T>> command) {
        CompletableFuture<?> before = last.get(name);
        CompletionStage<T> turn = before == null || before.isDone()
                ? command.get()
                : before.handle((done, failure) -> 0).thenComposeAsync(next -> command.get(), thread);
        CompletableFuture<T> future = turn.toCompletableFuture();
        last.put(name, future);
        CompletionStage<T> unused = future.whenCompleteAsync((done, failure) -> last.remove(name, future), thread);
        return turn;
    }
}
