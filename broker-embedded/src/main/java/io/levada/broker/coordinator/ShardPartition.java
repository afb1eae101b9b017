/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a shard's topic and who waits for its end to be durable. They are told in order, on the shard's thread, which alone uses this; the
 * log is asked once for all that wait.
 */
final class ShardPartition {
    private final int number;
    private final ShardLog log;
    private final Executor thread;
    private final Consumer<ShardPartition> failed;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean asked;
    private @Nullable ApiException unloaded;

    private record Waiting(long nextOffset, Runnable durable, Consumer<ApiException> never) {}

    /**
     * A partition in service.
     *
     * @param failed told when the log will never again make anything durable
     */
    ShardPartition(int number, ShardLog log, Executor thread, Consumer<ShardPartition> failed) {
        this.number = number;
        this.log = log;
        this.thread = thread;
        this.failed = failed;
    }

    int number() {
        return number;
    }

    ShardLog log() {
        return log;
    }

    /** Refuses if it is out of service. */
    void requireLoaded() {
        if (unloaded != null) {
            throw unloaded;
        }
    }

    boolean isLoaded() {
        return unloaded == null;
    }

    /** Takes it out of service for good; who waits is told {@code reason}. */
    void unload(ApiException reason) {
        unloaded = reason;
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            one.never.accept(reason);
        }
    }

    /** Runs one of the two, at once if everything written so far is durable and nobody waits before. */
    void whenDurable(Runnable durable, Consumer<ApiException> never) {
        waiting.add(new Waiting(log.endOffset(), durable, never));
        tell();
    }

    private void tell() {
        long safe = log.durableOffset();
        for (Waiting first = waiting.peek(); first != null && first.nextOffset <= safe; first = waiting.peek()) {
            waiting.remove();
            first.durable.run();
        }
        Waiting next = waiting.peek();
        if (next != null && !asked) {
            asked = true;
            var ignored = log.durable(next.nextOffset).whenComplete((done, failure) -> hop(failure));
        }
    }

    private void hop(@Nullable Throwable failure) {
        try {
            thread.execute(() -> {
                asked = false;
                if (failure == null) {
                    tell();
                } else if (isLoaded()) {
                    failed.accept(this);
                }
            });
        } catch (RejectedExecutionException ignored) {
            // The broker has closed, and whoever waited was sent away before.
        }
    }
}
