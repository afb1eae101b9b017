/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group coordinator: puts its parts together and is the door to its thread. The parts are used on that thread alone. */
public final class GroupCoordinator implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupCoordinator.class);
    private static final long EXPIRY_INTERVAL_MS = 10L * 60 * 1000;
    private final ScheduledExecutorService thread;
    private final OffsetsTopic topic;
    private final Parts parts;
    private volatile boolean closed;

    /**
     * Reads all groups back; members found get a new session each.
     *
     * @param thread a single thread, used by nothing else
     */
    public GroupCoordinator(Topics topics, GroupConfig config, ScheduledExecutorService thread, InstantSource clock) {
        this.thread = thread;
        this.topic = new OffsetsTopic(topics, config);
        Groups groups = new Groups();
        topic.replay(groups);
        Rebalance rebalance =
                new Rebalance(topic, thread, clock, config.initialDelay().toMillis());
        Offsets offsets = new Offsets(groups, topic, rebalance.sessions(), config, clock);
        this.parts = new Parts(
                groups,
                new Join(groups, rebalance, config),
                new Sync(groups, rebalance, thread),
                new Heartbeat(groups, rebalance.sessions()),
                new Leave(groups, rebalance),
                offsets,
                new GroupAdmin(groups, offsets));
        topics.onDelete(this::forget);
        thread.execute(() -> groups.all()
                .forEach(group ->
                        group.members().forEach(member -> rebalance.sessions().restart(group, member))));
        CompletableFuture<Void> ignored = CompletableFuture.runAsync(this::scheduleExpiry, thread);
    }

    /** What the coordinator is made of. */
    record Parts(
            Groups groups, Join join, Sync sync, Heartbeat heartbeat, Leave leave, Offsets offsets, GroupAdmin admin) {}

    /** Runs {@code work} on the coordinator thread; the answer completes with what its future gives. */
    <T> CompletableFuture<T> run(Function<Parts, CompletableFuture<T>> work) {
        return CompletableFuture.completedFuture(parts).thenComposeAsync(work, thread);
    }

    /** As {@link #run}, for work that is done when it returns. */
    <T> CompletableFuture<T> call(Function<Parts, T> work) {
        return CompletableFuture.supplyAsync(() -> work.apply(parts), thread);
    }

    /** Sees to it that {@code __consumer_offsets} exists. */
    public CompletableFuture<Topic> ready() {
        return topic.ensure();
    }

    /** Sends away whoever waits for a rebalance. Members find the group again after a restart. */
    @Override
    public void close() {
        closed = true;
        call(all -> {
                    all.groups().all().forEach(GroupCoordinator::sendAway);
                    return true;
                })
                .join();
    }

    private static void sendAway(Group group) {
        for (Member member : group.members()) {
            member.joined(new JoinGroupResponseData().setErrorCode(Errors.NOT_COORDINATOR.code()));
            member.synced(new SyncGroupResponseData().setErrorCode(Errors.NOT_COORDINATOR.code()));
            member.session(null);
        }
        group.timer(null);
    }

    private void forget(Topic deleted) {
        inBackground(() -> CompletableFuture.allOf(
                parts.offsets().removeTopic(deleted.name()).toArray(CompletableFuture[]::new)));
    }

    private void scheduleExpiry() {
        if (!closed) {
            Future<?> ignored = thread.schedule(
                    () -> {
                        inBackground(() ->
                                CompletableFuture.allOf(parts.offsets().expire().toArray(CompletableFuture[]::new)));
                        scheduleExpiry();
                    },
                    EXPIRY_INTERVAL_MS,
                    TimeUnit.MILLISECONDS);
        }
    }

    private void inBackground(Supplier<CompletableFuture<Void>> work) {
        CompletableFuture<Void> ignored = run(all -> work.get()).whenComplete((done, failure) -> {
            if (failure != null) {
                LOGGER.atWarn().setCause(failure).log("offsets could not be removed; it is tried again later");
            }
        });
    }
}
