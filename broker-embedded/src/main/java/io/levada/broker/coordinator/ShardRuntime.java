/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.producers.TransactionVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a {@link Shard} on its topic: decide, append, replay, answer when durable (see the package). Its methods may be called from any thread and
 * never block; all work, and the completion of every future given out, happens on the one thread, in the order of the calls.
 *
 * <p>Futures fail with what a client of a coordinator understands: {@link CoordinatorNotAvailableException} before the topic is made,
 * {@link NotCoordinatorException} when its log cannot be written or was unloaded, or what the decision threw.
 */
public final class ShardRuntime<S extends Shard> implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShardRuntime.class);
    private final InternalTopic topic;
    private final S state;
    private final ScheduledExecutorService thread;
    private final Map<Integer, ShardPartition> partitions = new HashMap<>();
    /** Out of service when the topic was read back: if one came back later, nothing would be known of what it holds. */
    private final Set<Integer> notReadBack = ConcurrentHashMap.newKeySet();
    /** Out of service since: their log failed, or could not be read back. */
    private final Set<Integer> unloaded = ConcurrentHashMap.newKeySet();
    /** Why the topic could not be made when that was last tried: clients try again all the time, and once is enough in the broker's log. */
    private final AtomicReference<String> notMadeAsTold = new AtomicReference<>("");

    /**
     * A runtime that serves nothing before {@link #start}.
     *
     * @param thread a single thread
     */
    public ShardRuntime(InternalTopic topic, S state, ScheduledExecutorService thread) {
        this.topic = topic;
        this.state = state;
        this.thread = thread;
    }

    /** Begins to read the topic back. Whatever is asked meanwhile waits until that is done. */
    public void start() {
        thread.execute(this::load);
    }

    /**
     * Decides, stores and answers.
     *
     * @param key picks the partition
     * @param decide looks at the state and changes nothing in it that a record describes; what it throws fails the future
     */
    public <R> CompletableFuture<R> write(String key, Function<? super S, Decision<R>> decide) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        execute(() -> decide(key, decide, answer), answer);
        return answer;
    }

    /** Looks at the state; answers once all that it shows about {@code key} is durable. Before the topic is made it shows the empty state. */
    public <R> CompletableFuture<R> read(String key, Function<? super S, R> look) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        execute(
                () -> {
                    if (topic.partitions() == 0) {
                        answer.complete(look.apply(state));
                        return;
                    }
                    ShardPartition partition = serving(key);
                    R seen = look.apply(state);
                    partition.whenDurable(() -> answer.complete(seen), answer::completeExceptionally);
                },
                answer);
        return answer;
    }

    /** Looks at the state of all keys; answers once all that it shows is durable. Partitions that are out of service show nothing. */
    public <R> CompletableFuture<R> readAll(Function<? super S, R> look) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        execute(
                () -> {
                    R seen = look.apply(state);
                    CompletableFuture<?>[] settled = partitions.values().stream()
                            .filter(ShardPartition::isLoaded)
                            .map(ShardRuntime::settled)
                            .toArray(CompletableFuture<?>[]::new);
                    CompletableFuture<Void> ignored = CompletableFuture.allOf(settled)
                            .whenComplete((done, failure) -> finish(answer, seen, failure));
                },
                answer);
        return answer;
    }

    /** Decides about several keys at once, from the same state; completes once all of it is durable. What fails for one key does not stop the others. */
    public CompletableFuture<Boolean> writeAll(Function<? super S, Map<String, Decision<Boolean>>> decide) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        execute(
                () -> {
                    List<CompletableFuture<Boolean>> all = new ArrayList<>();
                    decide.apply(state).forEach((key, decision) -> {
                        CompletableFuture<Boolean> one = new CompletableFuture<>();
                        all.add(one);
                        decide(key, shard -> decision, one);
                    });
                    CompletableFuture<Void> ignored = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                            .whenComplete((done, failure) -> finish(answer, true, failure));
                },
                answer);
        return answer;
    }

    /** Runs {@code event} on the shard's thread after a while. */
    public ScheduledFuture<?> after(long delayMs, Runnable event) {
        return thread.schedule(() -> guarded(event), delayMs, TimeUnit.MILLISECONDS);
    }

    /** Takes a decision after a while, as {@link #write} does. */
    public ScheduledFuture<?> after(long delayMs, String key, Function<? super S, ? extends Decision<?>> event) {
        return after(delayMs, () -> {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            CompletableFuture<Boolean> ignored = done.whenComplete((yes, failure) -> tellIfUnexpected(key, failure));
            decide(key, shard -> event.apply(shard).with(true), done);
        });
    }

    /**
     * Writes the marker that ends a producer's transaction in one partition of the topic; completes once it is durable. Fails with what
     * {@link io.levada.broker.log.PartitionLog#endTransaction} throws.
     */
    public CompletableFuture<Void> endTransaction(
            TopicPartition partition,
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            TransactionResult result,
            TransactionVersion version) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        execute(
                () -> {
                    ShardPartition serving = serving(partition.partition());
                    serving.log().endTransaction(producerId, producerEpoch, coordinatorEpoch, result, version);
                    state.replayMarker(serving.number(), producerId, producerEpoch, result);
                    serving.whenDurable(() -> answer.complete(null), answer::completeExceptionally);
                },
                answer);
        return answer;
    }

    /**
     * A producer that asks for leave to write about {@code key} in its transaction. To be called before the transaction coordinator is asked, so that a
     * decision that was under way for long cannot begin a transaction that nobody will end.
     */
    public CompletableFuture<Decision.Producer> admit(
            String key, long producerId, short producerEpoch, TransactionVersion version) {
        CompletableFuture<Decision.Producer> answer = new CompletableFuture<>();
        execute(
                () -> answer.complete(new Decision.Producer(
                        producerId, producerEpoch, serving(key).log().admit(producerId, producerEpoch, version))),
                answer);
        return answer;
    }

    /** The partition that keeps what is known about {@code key}; empty before the topic is made. */
    public Optional<TopicPartition> partitionFor(String key) {
        return topic.partitionFor(key);
    }

    /**
     * Whether what is asked about {@code key} can be answered: the topic is there, and the key's partition of it was not damaged, lost or found unreadable.
     * What is still being read back can, though it waits.
     */
    public boolean serves(String key) {
        return topic.partitionFor(key)
                .map(TopicPartition::partition)
                .filter(number -> !notReadBack.contains(number) && !unloaded.contains(number))
                .flatMap(topic::log)
                .isPresent();
    }

    /**
     * Makes the topic if there is none yet. Fails with {@link CoordinatorNotAvailableException} if that is not possible now, as on a disk that is full or
     * where {@code broker.max.partitions} is used up: clients ask again, and an operator may help meanwhile. A mistake of ours, which no client could wait
     * out, fails it as it is.
     */
    public CompletableFuture<Void> ready() {
        return topic.ready()
                .whenComplete((made, failure) -> {
                    if (failure == null) {
                        notMadeAsTold.set("");
                    }
                })
                .exceptionallyCompose(failure -> {
                    ApiException known = ErrorCodes.asApiException(failure);
                    return CompletableFuture.failedFuture(
                            known instanceof UnknownServerException ? failure : notMade(known));
                });
    }

    private CoordinatorNotAvailableException notMade(ApiException known) {
        String message = topic.name() + " cannot be made: " + known.getMessage();
        if (!message.equals(notMadeAsTold.getAndSet(message))) {
            LOGGER.atError()
                    .addKeyValue("topic", topic.name())
                    .setCause(known)
                    .log(
                            "a coordinator cannot make its topic; what it would keep is not served until it can, which is tried"
                                    + " whenever a client asks");
        }
        return new CoordinatorNotAvailableException(message, known);
    }

    /** The topic was deleted: nothing of what it held is known any more. A new one may be made. */
    public void forget() {
        thread.execute(() -> {
            partitions.values().forEach(partition -> partition.unload(gone("was deleted")));
            partitions.clear();
            notReadBack.clear();
            unloaded.clear();
            guarded(() -> state.unloaded(key -> true));
        });
    }

    /** Sends away whoever waits. Blocks until that is done. */
    @Override
    public void close() {
        CompletableFuture.runAsync(
                        () -> {
                            partitions.values().forEach(partition -> partition.unload(gone("is being closed")));
                            guarded(() -> state.unloaded(key -> true));
                        },
                        thread)
                .join();
    }

    private void load() {
        for (int number = 0; number < topic.partitions(); number++) {
            if (topic.log(number).isPresent()) {
                load(found(number));
            } else {
                notReadBack.add(number);
                LOGGER.atError()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("partition", number)
                        .log("a coordinator misses a partition of its log, which is out of service; what that keeps is"
                                + " not served until a restart finds it");
            }
        }
        guarded(state::loaded);
    }

    private void load(ShardPartition partition) {
        try {
            new ShardLoader(topic.name(), partition.number(), state).load(partition.log());
        } catch (RuntimeException e) {
            unload(partition, "could not be read back", e);
        }
    }

    private <R> void decide(String key, Function<? super S, Decision<R>> decide, CompletableFuture<R> answer) {
        try {
            ShardPartition partition = serving(key);
            store(partition, decide.apply(state), answer);
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private <R> void store(ShardPartition partition, Decision<R> decision, CompletableFuture<R> answer) {
        Outcome outcome = decision.outcome();
        if (!decision.records().isEmpty()) {
            try {
                append(partition, decision);
            } catch (RuntimeException e) {
                ApiException failure = forClients(e);
                guarded(() -> outcome.failed(failure));
                answer.completeExceptionally(failure);
                return;
            }
        }
        partition.whenDurable(
                () -> {
                    guarded(outcome::durable);
                    answer.complete(decision.reply());
                },
                failure -> {
                    guarded(() -> outcome.failed(failure));
                    answer.completeExceptionally(failure);
                });
    }

    private void append(ShardPartition partition, Decision<?> decision) {
        long offset;
        try {
            offset = partition.log().append(decision.records(), decision.producer());
        } catch (RuntimeException e) {
            if (partition.log().hasFailed()) {
                unload(partition, "cannot be written any more", e);
            }
            throw e;
        }
        for (var record : decision.records()) {
            try {
                state.replay(LoggedRecord.written(partition.number(), offset++, record, decision.producer()));
            } catch (RuntimeException e) {
                // It is in the log and not in the state: what is decided from here on may be wrong.
                unload(partition, "holds a record of ours that cannot be replayed", e);
                throw e;
            }
        }
    }

    private ShardPartition serving(String key) {
        TopicPartition partition = topic.partitionFor(key)
                .orElseThrow(() -> new CoordinatorNotAvailableException(topic.name() + " is not there yet"));
        return serving(partition.partition());
    }

    private ShardPartition serving(int number) {
        ShardPartition partition = found(number);
        partition.requireLoaded();
        return partition;
    }

    private ShardPartition found(int number) {
        ShardPartition known = partitions.get(number);
        if (known != null) {
            return known;
        }
        ShardLog log = topic.log(number)
                .filter(there -> !notReadBack.contains(number))
                .orElseThrow(() -> new CoordinatorNotAvailableException(
                        "partition " + number + " of " + topic.name() + " is not there"));
        ShardPartition partition = new ShardPartition(
                number, log, thread, failed -> unload(failed, "can no longer be made durable", null));
        partitions.put(number, partition);
        return partition;
    }

    private void unload(ShardPartition partition, String what, @Nullable Throwable cause) {
        if (!partition.isLoaded()) {
            return;
        }
        LOGGER.atError()
                .addKeyValue("topic", topic.name())
                .addKeyValue("partition", partition.number())
                .setCause(cause)
                .addKeyValue("reason", what)
                .log("a coordinator has lost its log; what that keeps is not served until a restart has read it back");
        unloaded.add(partition.number());
        partition.unload(gone(what));
        guarded(() -> state.unloaded(key -> topic.partitionFor(key)
                .map(TopicPartition::partition)
                .filter(number -> number == partition.number())
                .isPresent()));
    }

    private NotCoordinatorException gone(String what) {
        return new NotCoordinatorException("the log of " + topic.name() + " " + what);
    }

    /** A disk that fails is nothing that a coordinator's client can be told as it is: it would give up, where it should look for its coordinator again. */
    private ApiException forClients(Throwable failure) {
        ApiException known = ErrorCodes.asApiException(failure);
        return known instanceof KafkaStorageException
                ? new NotCoordinatorException(topic.name() + " cannot be written: " + known.getMessage(), known)
                : known;
    }

    private static CompletableFuture<Void> settled(ShardPartition partition) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        partition.whenDurable(() -> settled.complete(null), settled::completeExceptionally);
        return settled;
    }

    private static <R> void finish(CompletableFuture<R> answer, R seen, @Nullable Throwable failure) {
        if (failure == null) {
            answer.complete(seen);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private void execute(Runnable work, CompletableFuture<?> answer) {
        try {
            thread.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    answer.completeExceptionally(forClients(e));
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
    }

    /** A log that cannot be written has been told about already; anything else is a mistake of ours. */
    private static void tellIfUnexpected(String key, @Nullable Throwable failure) {
        if (failure != null && !(failure instanceof ApiException)) {
            LOGGER.atError().addKeyValue("key", key).setCause(failure).log("an event of a coordinator failed");
        }
    }

    /** What runs beside a request has nobody else to tell. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOGGER.atError().setCause(e).log("a step of a coordinator failed");
        }
    }
}
