/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.coordinator.InternalTopic;
import io.levada.broker.coordinator.ShardRuntime;
import io.levada.broker.coordinator.TransactionAdmission;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transaction coordinator: the door to its thread. Every answer is given once what it says is durable.
 *
 * <p>An end that was answered is never lost: its decision is on disk before the answer, its markers are written until all of them are on disk, and a start
 * goes on with every decision that it finds without its completion.
 */
public final class TransactionCoordinator implements TransactionAdmission, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionCoordinator.class);
    private static final String TOPIC = Topic.TRANSACTION_STATE_TOPIC_NAME;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private final Topics topics;
    private final TransactionConfig config;
    private final ProducerIds ids;
    private final ScheduledExecutorService thread;
    private final InstantSource clock;
    private final Transactions transactions;
    private final ShardRuntime<Transactions> runtime;
    private final Completion completion;

    /**
     * A coordinator that serves nothing before {@link #start}.
     *
     * @param thread a single thread, used by nothing else
     */
    public TransactionCoordinator(
            Topics topics,
            TransactionConfig config,
            ProducerIds ids,
            MarkerWriter markers,
            ScheduledExecutorService thread,
            InstantSource clock) {
        this.topics = topics;
        this.config = config;
        this.ids = ids;
        this.thread = thread;
        this.clock = clock;
        this.transactions = new Transactions(ids, this::resume);
        this.runtime = new ShardRuntime<>(topicOf(topics, config), transactions, thread);
        this.completion = new Completion(markers, this::complete, thread);
        topics.onDelete(deleted -> {
            if (deleted.name().equals(TOPIC)) {
                runtime.forget();
            }
        });
    }

    private static InternalTopic topicOf(Topics topics, TransactionConfig config) {
        return InternalTopic.of(
                topics,
                TOPIC,
                config.partitions(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(config.segmentBytes())));
    }

    /** Reads everything back, goes on with the ends that a crash interrupted, and begins to watch over time-outs. */
    public TransactionCoordinator start() {
        runtime.start();
        every(config.timeoutInterval(), this::abortTimedOut);
        every(config.expirationInterval(), this::expire);
        return this;
    }

    /** Sees to it that {@code __transaction_state} exists. */
    public CompletableFuture<Void> ready() {
        return runtime.ready();
    }

    /** Whether a transactional id has a coordinator: not while its partition of {@code __transaction_state} is out of service. */
    public boolean serves(String transactionalId) {
        return runtime.serves(transactionalId);
    }

    /** Makes the asking producer the only holder of a transactional id; fails with {@link ConcurrentTransactionsException} when it is to ask again. */
    CompletableFuture<Producer> initialize(String transactionalId, Initialization request) {
        return change(transactionalId, now -> request.decide(now, ids::take, clock.millis()))
                .thenApply(given -> given.orElseThrow(
                        () -> new ConcurrentTransactionsException("the open transaction of this id is aborted first")));
    }

    CompletableFuture<Boolean> add(String transactionalId, Addition request) {
        return change(transactionalId, now -> request.decide(now, clock.millis()));
    }

    CompletableFuture<Map<TopicPartition, Errors>> verify(String transactionalId, Addition request) {
        return runtime.read(transactionalId, all -> request.verify(all.find(transactionalId)));
    }

    CompletableFuture<Producer> end(String transactionalId, Ending request) {
        return change(transactionalId, now -> request.decide(now, ids::take, clock.millis()));
    }

    /** Fails of the kinds that the coordinator's own clients know. */
    @Override
    public CompletableFuture<Void> admit(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            boolean addMissing) {
        Producer producer = new Producer(producerId, producerEpoch);
        if (addMissing) {
            return add(transactionalId, new Addition(producer, partitions, Transaction.VERSION_2))
                    .thenAccept(added -> {});
        }
        return verify(transactionalId, new Addition(producer, partitions, Transaction.VERSION_0))
                .thenAccept(TransactionCoordinator::requireAll);
    }

    /**
     * {@link #admit(String, long, short, Set, boolean)}, which waits for a while where partitions are added and the last transaction is being ended.
     *
     * @param before runs each time before the coordinator is asked; what it gave before the answer that counts is passed on. A marker makes void what a
     *     log was asked earlier, and waiting for the end of the last transaction is waiting for a marker
     */
    public <A> CompletableFuture<A> admitOnceEnded(
            String transactionalId,
            long producerId,
            short producerEpoch,
            Set<TopicPartition> partitions,
            boolean addMissing,
            Supplier<A> before) {
        Supplier<CompletableFuture<A>> ask = () -> {
            A asked = before.get();
            return admit(transactionalId, producerId, producerEpoch, partitions, addMissing)
                    .thenApply(admitted -> asked);
        };
        return ask.get()
                .exceptionallyCompose(failure -> addMissing && ErrorCodes.of(failure) == Errors.CONCURRENT_TRANSACTIONS
                        ? endedOrLate(transactionalId).thenCompose(ended -> ask.get())
                        : CompletableFuture.failedFuture(failure));
    }

    /** By a timer of its own thread, and not one of the JDK's, which would have the work of whoever waits done on a thread that all share. */
    private CompletableFuture<Void> endedOrLate(String transactionalId) {
        CompletableFuture<Void> ended = completion.ended(transactionalId);
        if (ended.isDone()) {
            return ended;
        }
        try {
            ScheduledFuture<?> late =
                    thread.schedule(() -> ended.complete(null), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            CompletableFuture<Void> unused = ended.whenComplete((done, failure) -> late.cancel(false));
        } catch (RejectedExecutionException closing) {
            ended.complete(null);
        }
        return ended;
    }

    private static void requireAll(Map<TopicPartition, Errors> answers) {
        answers.forEach((partition, error) -> {
            if (error != Errors.NONE) {
                throw new TransactionAbortableException(partition + " was not added to the transaction");
            }
        });
    }

    CompletableFuture<Optional<Transaction>> find(String transactionalId) {
        return runtime.read(transactionalId, all -> Optional.ofNullable(all.find(transactionalId)));
    }

    CompletableFuture<Map<String, Transaction>> all() {
        return runtime.readAll(Transactions::all);
    }

    /** Answers nobody any more. What is being ended goes on at the next start. */
    @Override
    public void close() {
        completion.close();
        runtime.close();
    }

    private <R> CompletableFuture<R> change(
            String transactionalId, Function<@Nullable Transaction, Change<R>> request) {
        return runtime.write(transactionalId, all -> all.decide(transactionalId, request))
                .thenApply(change -> {
                    Transaction next = change.next();
                    if (next != null && next.state().isPrepared()) {
                        finish(transactionalId, next);
                    }
                    return change.reply();
                });
    }

    private void resume() {
        transactions.all().forEach((transactionalId, transaction) -> {
            if (transaction.state().isPrepared()) {
                LOGGER.atInfo()
                        .addKeyValue("transactionalId", transactionalId)
                        .addKeyValue("producerId", transaction.producer().id())
                        .addKeyValue("result", transaction.result())
                        .log("transaction whose end was interrupted is ended");
                finish(transactionalId, transaction);
            }
        });
    }

    private void finish(String transactionalId, Transaction prepared) {
        completion.start(transactionalId, prepared, coordinatorEpoch(transactionalId));
    }

    /** Grows when the log of the coordinator had to be cut, as the epoch of a leader does. */
    private int coordinatorEpoch(String transactionalId) {
        return runtime.partitionFor(transactionalId)
                .flatMap(topics::log)
                .map(PartitionLog::leaderEpoch)
                .orElse(0);
    }

    private CompletableFuture<Boolean> complete(String transactionalId, Transaction prepared) {
        return change(
                transactionalId,
                now -> now != null
                                && now.state() == prepared.state()
                                && now.producer().equals(prepared.producer())
                        ? new Change<>(now.completed(clock.millis()), true)
                        : Change.unchanged(false));
    }

    private void abortTimedOut() {
        long nowMs = clock.millis();
        transactions.all().forEach((transactionalId, transaction) -> {
            if (transaction.isTimedOut(nowMs)) {
                tell(
                        transactionalId,
                        "transaction timed out and is aborted; its producer is fenced",
                        change(
                                transactionalId,
                                now -> now != null && now.isTimedOut(nowMs)
                                        ? new Change<>(now.fenced(nowMs), true)
                                        : Change.unchanged(false)));
            }
        });
    }

    private void expire() {
        long nowMs = clock.millis();
        long expirationMs = config.idExpiration().toMillis();
        transactions.all().forEach((transactionalId, transaction) -> {
            if (transaction.isExpired(nowMs, expirationMs)) {
                tell(
                        transactionalId,
                        "transactional id expired",
                        runtime.write(transactionalId, all -> all.expire(transactionalId, nowMs, expirationMs)));
            }
        });
    }

    private static void tell(String transactionalId, String what, CompletableFuture<Boolean> done) {
        CompletableFuture<Boolean> ignored = done.whenComplete((yes, failure) -> {
            if (failure != null) {
                LOGGER.atWarn()
                        .addKeyValue("transactionalId", transactionalId)
                        .addKeyValue("error", ErrorCodes.asApiException(failure).toString())
                        .log("not stored, it is tried again later: " + what);
            } else if (yes) {
                LOGGER.atInfo().addKeyValue("transactionalId", transactionalId).log(what);
            }
        });
    }

    private void every(Duration interval, Runnable event) {
        ScheduledFuture<?> ignored = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        event.run();
                    } catch (RuntimeException e) {
                        // Thrown, it would end the repetition.
                        LOGGER.atError().setCause(e).log("a look at the transactions' times failed");
                    }
                },
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
