/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry;

import io.levada.registry.schemas.RegistryError;
import io.levada.registry.schemas.RegistryException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns the state: requests wait for it in a bounded queue and are refused when that is full. */
final class RegistryThread implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RegistryThread.class);
    private static final int QUEUE_SIZE_MAX = 1000;

    private final ThreadPoolExecutor thread;
    private final Duration closeTimeout;

    RegistryThread(Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_SIZE_MAX), task -> {
            Thread named = new Thread(task, "levada-schema-registry");
            named.setUncaughtExceptionHandler(
                    (which, e) -> LOGGER.atError().setCause(e).log("registry thread failed"));
            return named;
        });
    }

    /** Runs the task in its turn; a failure of Kafka arrives as a {@link RegistryException}. */
    <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            thread.execute(() -> complete(result, task));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new RegistryException(
                    RegistryError.OVERLOADED, "The registry has too many requests; try again", e));
        }
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
        try {
            result.complete(task.call());
        } catch (KafkaException e) {
            LOGGER.atWarn().setCause(e).log("request failed at Kafka");
            result.completeExceptionally(
                    new RegistryException(RegistryError.STORE, "The registry's store failed: " + e.getMessage(), e));
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }

    /** Lets requests in the queue finish, up to the timeout. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(closeTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
