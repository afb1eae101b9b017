/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ErrorCodes;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out ends that are decided: a marker in every partition, and only when all of them are durable the record that says so. What fails is tried
 * again until it works, without keeping other transactions from ending; what a crash interrupts is begun again by the next start, which is why a marker
 * may be written twice. A partition that is deleted meanwhile has nothing to end.
 */
final class Completion {
    private static final Logger LOGGER = LoggerFactory.getLogger(Completion.class);
    private static final long RETRY_FIRST_MS = 100;
    private static final long RETRY_MAX_MS = 30_000;
    private final MarkerWriter markers;
    private final BiFunction<String, Transaction, CompletableFuture<Boolean>> complete;
    private final ScheduledExecutorService thread;
    private final Map<String, CompletableFuture<Void>> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * Ends nothing yet.
     *
     * @param complete stores that a transaction is complete
     * @param thread for trying again
     */
    Completion(
            MarkerWriter markers,
            BiFunction<String, Transaction, CompletableFuture<Boolean>> complete,
            ScheduledExecutorService thread) {
        this.markers = markers;
        this.complete = complete;
        this.thread = thread;
    }

    /** Begins to end a transaction whose decision is durable. */
    void start(String transactionalId, Transaction prepared, int coordinatorEpoch) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        running.put(transactionalId, ended);
        Marker marker = new Marker(
                prepared.producer(), coordinatorEpoch, prepared.result(), Marker.version(prepared.version()));
        CompletableFuture<?>[] written = prepared.partitions().stream()
                .map(partition -> until(
                        new Attempt(transactionalId, partition.toString(), 1),
                        () -> dropWhereGone(transactionalId, partition, marker)))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Boolean> ignored = CompletableFuture.allOf(written)
                .thenCompose(all -> until(
                        new Attempt(transactionalId, "its completion", 1),
                        () -> complete.apply(transactionalId, prepared)))
                .whenComplete((done, failure) -> {
                    running.remove(transactionalId, ended);
                    ended.complete(null);
                });
    }

    /** Completes when the end of this id's transaction has been carried out, at once if none is under way. */
    CompletableFuture<Void> ended(String transactionalId) {
        CompletableFuture<Void> ended = running.get(transactionalId);
        return ended == null ? CompletableFuture.completedFuture(null) : ended.copy();
    }

    /** Tries nothing again. What is not ended yet is left to the next start. */
    void close() {
        closed = true;
    }

    private CompletableFuture<Boolean> dropWhereGone(String transactionalId, TopicPartition partition, Marker marker) {
        return markers.write(partition, marker)
                .handle((done, failure) -> failure)
                .thenCompose(failure -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(true);
                    }
                    Throwable known = ErrorCodes.asApiException(failure);
                    if (known instanceof TransactionCoordinatorFencedException) {
                        return writeOverLaterEpoch(transactionalId, partition, marker, known);
                    }
                    boolean gone = known instanceof UnknownTopicOrPartitionException;
                    if (gone || known instanceof InvalidProducerEpochException) {
                        LOGGER.atWarn()
                                .addKeyValue("transactionalId", transactionalId)
                                .addKeyValue("partition", partition)
                                .addKeyValue("result", marker.result())
                                .addKeyValue("error", known.getMessage())
                                .log(
                                        gone
                                                ? "a partition of a transaction is gone, the transaction is ended without it"
                                                : "a transaction was ended by somebody else in one of its partitions");
                        return CompletableFuture.completedFuture(false);
                    }
                    return CompletableFuture.failedFuture(known);
                });
    }

    /**
     * The only coordinator there is cannot be outdated: the epoch that the partition has seen was an administrator's, or that of a topic of transactions
     * that was deleted since.
     */
    private CompletableFuture<Boolean> writeOverLaterEpoch(
            String transactionalId, TopicPartition partition, Marker marker, Throwable refusal) {
        OptionalInt seen =
                markers.coordinatorEpochSeen(partition, marker.producer().id());
        return seen.isPresent() && seen.getAsInt() > marker.coordinatorEpoch()
                ? dropWhereGone(transactionalId, partition, marker.from(seen.getAsInt()))
                : CompletableFuture.failedFuture(refusal);
    }

    /** Which try it is, of what. */
    private record Attempt(String transactionalId, String what, int number) {
        Attempt next() {
            return new Attempt(transactionalId, what, number + 1);
        }

        long delayMs() {
            return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS << Math.min(number - 1, 20));
        }

        boolean isTold() {
            return Integer.bitCount(number) == 1;
        }
    }

    private CompletableFuture<Boolean> until(Attempt attempt, Supplier<CompletableFuture<Boolean>> work) {
        return work.get().exceptionallyCompose(failure -> {
            if (closed) {
                return CompletableFuture.failedFuture(failure);
            }
            if (attempt.isTold()) {
                LOGGER.atWarn()
                        .addKeyValue("transactionalId", attempt.transactionalId)
                        .addKeyValue("part", attempt.what)
                        .addKeyValue("tries", attempt.number)
                        .addKeyValue("error", ErrorCodes.asApiException(failure).toString())
                        .log("a transaction cannot be ended, it is tried again; readers of committed records wait");
            }
            return again(attempt, work);
        });
    }

    private CompletableFuture<Boolean> again(Attempt failed, Supplier<CompletableFuture<Boolean>> work) {
        CompletableFuture<Boolean> later = new CompletableFuture<>();
        try {
            ScheduledFuture<?> ignored = thread.schedule(
                    () -> {
                        CompletableFuture<Boolean> unused = until(failed.next(), work)
                                .whenComplete((done, failure) -> {
                                    if (failure == null) {
                                        later.complete(done);
                                    } else {
                                        later.completeExceptionally(failure);
                                    }
                                });
                    },
                    failed.delayMs(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The broker is closing: the next start goes on from what is stored.
            later.completeExceptionally(Errors.COORDINATOR_NOT_AVAILABLE.exception("the broker is closing"));
        }
        return later;
    }
}
