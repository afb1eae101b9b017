/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.InternalTopic;
import io.levada.broker.coordinator.ShardRuntime;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.requests.TransactionResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group coordinator: {@link GroupShard} on the topic {@code __consumer_offsets}. Safe to use from any thread. */
public final class GroupCoordinator implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupCoordinator.class);
    private static final String TOPIC = org.apache.kafka.common.internals.Topic.GROUP_METADATA_TOPIC_NAME;
    // A group of thousands of members is one record, so it may be larger than what clients send.
    private static final int RECORD_BYTES_MAX = 16 * 1024 * 1024;

    private final ShardRuntime<GroupShard> runtime;
    private final long expiryIntervalMs;
    private final Predicate<String> isThere;
    private volatile boolean closed;

    /**
     * Begins to read all groups back; members found get a new session each, and whoever asks waits until that is done and the offsets of topics that are
     * not there are removed: a crash may have come between a deletion and that.
     *
     * @param thread a single thread, used by nothing else
     */
    public GroupCoordinator(Topics topics, GroupConfig config, ScheduledExecutorService thread, InstantSource clock) {
        this(topic(topics, config), name -> topics.catalog().find(name).isPresent(), config, thread, clock);
        topics.onDelete(this::forget);
    }

    /**
     * The same on a topic from elsewhere.
     *
     * @param isThere whether there is a topic of that name, be it out of service
     */
    GroupCoordinator(
            InternalTopic topic,
            Predicate<String> isThere,
            GroupConfig config,
            ScheduledExecutorService thread,
            InstantSource clock) {
        this.runtime = new ShardRuntime<>(topic, new GroupShard(config, clock, this::after), thread);
        this.expiryIntervalMs = config.expiryInterval().toMillis();
        this.isThere = isThere;
        runtime.start();
        removeOfAbsentTopics();
        scheduleExpiry();
    }

    private static InternalTopic topic(Topics topics, GroupConfig config) {
        return InternalTopic.of(
                topics,
                TOPIC,
                config.offsetsPartitions(),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(config.offsetsSegmentBytes()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(RECORD_BYTES_MAX)));
    }

    /** Decides about a group; the reply comes when what was decided is durable. */
    <R> CompletableFuture<R> write(String group, Function<GroupShard, Decision<R>> decide) {
        return runtime.write(group, decide);
    }

    /** As {@link #write}, where the reply itself waits for others. */
    @SuppressWarnings("FutureReturnValueIgnored") // The inner future is what is returned.
    <R> CompletableFuture<R> await(String group, Function<GroupShard, Decision<CompletableFuture<R>>> decide) {
        return runtime.write(group, decide).thenCompose(answer -> answer);
    }

    /** Looks at one group; the answer comes when all it shows is durable. */
    <R> CompletableFuture<R> read(String group, Function<GroupShard, R> look) {
        return runtime.read(group, look);
    }

    /** Looks at all groups. */
    <R> CompletableFuture<R> readAll(Function<GroupShard, R> look) {
        return runtime.readAll(look);
    }

    /** Sees to it that {@code __consumer_offsets} exists. */
    public CompletableFuture<Void> ready() {
        return runtime.ready();
    }

    /** Whether a group has a coordinator: not while its partition of {@code __consumer_offsets} is out of service. */
    boolean serves(String group) {
        return runtime.serves(group);
    }

    /** The partition of {@code __consumer_offsets} that keeps a group, which a transaction with its offsets has to have; empty before the topic is made. */
    public Optional<TopicPartition> partitionFor(String group) {
        return runtime.partitionFor(group);
    }

    /** {@link #partitionFor}, with the topic made if need be. */
    public CompletableFuture<TopicPartition> partitionOf(String group) {
        return ready().thenApply(done ->
                partitionFor(group).orElseThrow(() -> new CoordinatorNotAvailableException(TOPIC + " is not there")));
    }

    /**
     * Writes the marker that ends a producer's transaction in a partition of {@code __consumer_offsets}: its offsets there count from now on, or are
     * dropped. Completes once that is durable.
     */
    public CompletableFuture<Void> endTransaction(
            TopicPartition partition,
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            TransactionResult result,
            TransactionVersion version) {
        return runtime.endTransaction(partition, producerId, producerEpoch, coordinatorEpoch, result, version);
    }

    /** A producer that asks for leave to commit offsets of a group in its transaction, before the transaction coordinator is asked. */
    CompletableFuture<Decision.Producer> admit(
            String group, long producerId, short producerEpoch, TransactionVersion version) {
        return runtime.admit(group, producerId, producerEpoch, version);
    }

    /** Sends away whoever waits for a rebalance. Members find the group again after a restart. */
    @Override
    public void close() {
        closed = true;
        runtime.close();
    }

    private Future<?> after(long delayMs, String group, Supplier<Decision<?>> step) {
        return runtime.after(delayMs, group, shard -> step.get());
    }

    private void forget(Topic deleted) {
        if (deleted.name().equals(TOPIC)) {
            runtime.forget();
        } else {
            inBackground(shard -> shard.offsets().removeTopics(deleted.name()::equals));
        }
    }

    private void removeOfAbsentTopics() {
        inBackground(shard -> shard.offsets().removeTopics(isThere.negate()));
    }

    private void scheduleExpiry() {
        Future<?> ignored = runtime.after(expiryIntervalMs, () -> {
            if (!closed) {
                inBackground(shard -> shard.expiry().expire());
                removeOfAbsentTopics(); // a disk that was full may have kept a deletion from doing so
                scheduleExpiry();
            }
        });
    }

    private void inBackground(Function<GroupShard, Map<String, Decision<Boolean>>> work) {
        CompletableFuture<Boolean> ignored = runtime.writeAll(work).whenComplete((done, failure) -> {
            if (failure != null) {
                LOGGER.atWarn()
                        .addKeyValue("error", ErrorCodes.asApiException(failure).toString())
                        .log("offsets could not be removed, it is tried again later");
            }
        });
    }
}
