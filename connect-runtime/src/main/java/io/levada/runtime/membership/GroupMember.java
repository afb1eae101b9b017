/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.threads.StrayInterrupts;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's place in a group of Kafka Connect's workers. A thread of its own, {@code levada-membership}, speaks with the brokers;
 * another one, {@code levada-lease}, does nothing but look whether this worker may still count on its place, also when the first one waits.
 */
public final class GroupMember implements Membership {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupMember.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String WORK = "the membership";

    private final GroupSettings settings;
    private final OtherMembers others;
    private final Admin admin;
    private final Place place = new Place();
    private final WorkSeen work = new WorkSeen();
    private final Lease lease;
    private final GroupClient client;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final CompletableFuture<Supplier<CompletionStage<ClusterConfig>>> readConfig = new CompletableFuture<>();
    private final Thread speaker;
    private final Thread watch;
    /** Until when members of another kind may be dead ones; the membership's thread. */
    private long mayBeDeadUntilNanos;

    /** Whoever started this worker has gone on without a word of the group. */
    private volatile boolean nobodyWaits;

    private GroupMember(GroupSettings settings, Map<String, Object> consumer, Map<String, Object> adminSettings) {
        this.settings = settings;
        this.lease = new Lease(
                settings.times().session(),
                settings.times().rebalance(),
                settings.times().heartbeat());
        this.admin = Admin.create(adminSettings);
        this.others = new OtherMembers(admin, settings.groupId());
        this.client = clientOrNothingOpen(consumer);
        this.speaker = thread("levada-membership", this::speak);
        this.watch = thread("levada-lease", this::watch);
    }

    private GroupClient clientOrNothingOpen(Map<String, Object> consumer) {
        try {
            return GroupClient.open(
                    settings,
                    consumer,
                    lease,
                    (group, log, network, metrics, time) -> new GroupCoordination(
                            settings,
                            group,
                            log,
                            network,
                            metrics,
                            time,
                            new Rounds(settings, new Worker(), place, work)));
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    private static Thread thread(String name, Runnable run) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Begins to look for the group's brokers; it is joined by {@link #join}.
     *
     * @param consumer settings of a consumer of the worker's own, of which addresses, security and time-outs are used
     * @param admin settings of an admin client
     */
    public static GroupMember open(GroupSettings settings, Map<String, Object> consumer, Map<String, Object> admin) {
        GroupMember member = new GroupMember(settings, consumer, admin);
        member.speaker.start();
        member.watch.start();
        return member;
    }

    /**
     * Returns when the group has agreed for the first time, or when that takes longer than a group takes.
     *
     * @throws ConnectException if this worker cannot be a member
     */
    public void awaitJoined() {
        Duration patience =
                settings.times().session().plus(settings.times().rebalance()).plus(MARGIN);
        try {
            joined.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while joining group " + settings.groupId(), e);
        } catch (TimeoutException e) {
            LOGGER.atWarn()
                    .addKeyValue("group", settings.groupId())
                    .addKeyValue("seconds", patience.toSeconds())
                    .log("the group has not agreed yet; until it has nothing runs here, see the brokers' log");
            nobodyWaits = true;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ConnectException refused
                    ? refused
                    : new ConnectException(
                            "Cannot join group " + settings.groupId() + " (group.id): " + e.getCause(), e);
        }
    }

    @Override
    public void join(Consumer<GroupEvent> events, Supplier<CompletionStage<ClusterConfig>> reading) {
        place.listen(event -> {
            events.accept(event);
            if (event instanceof GroupEvent.Assigned) {
                joined.complete(null);
            }
        });
        readConfig.complete(reading);
        listening.countDown();
        client.joinAnew(); // Who waits for brokers goes on at once.
    }

    @Override
    public void agreeAnew() {
        client.joinAnew();
    }

    @Override
    public void onConfig(ClusterConfig config) {
        work.see(config);
        if (place.isTaken() && work.hasChanged()) {
            client.joinAnew();
        }
    }

    @Override
    public Optional<Leader> leader() {
        return isHeld() ? place.leader() : Optional.empty();
    }

    @Override
    public boolean mayStillLead() {
        return place.hasLed() && isHeld();
    }

    /**
     * Whether this worker may count on its place. Who has the brokers inside and the group for itself need not hear of them: where they are held up,
     * so is he, and nobody is there whom they could give his place to.
     */
    private boolean isHeld() {
        return lease.isHeld(System.nanoTime())
                || (settings.instance().isPresent() && closing.getCount() > 0 && place.isAlone());
    }

    @Override
    public CompletionStage<Void> leaderKnown() {
        return place.leaderKnown();
    }

    @Override
    public Optional<String> owner(ConnectorName name) {
        return place.owner(name, Share::connectors);
    }

    @Override
    public Optional<String> owner(TaskId id) {
        return place.owner(id, Share::tasks);
    }

    @Override
    public CompletionStage<Throwable> broken() {
        return broken;
    }

    private void speak() {
        mayBeDeadUntilNanos =
                System.nanoTime() + settings.times().session().plus(MARGIN).toNanos();
        try {
            removeEarlierLife();
            while (closing.getCount() > 0) {
                turn();
            }
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            awaitStopped(); // Until then nobody else may have it.
            client.close();
        }
    }

    private void removeEarlierLife() {
        try {
            if (settings.instance().isPresent()) {
                others.remove(settings.instance().get());
            }
        } catch (InterruptedException e) {
            StrayInterrupts.ignore(WORK);
        }
    }

    private void turn() {
        try {
            if (listening.getCount() > 0) {
                client.prepare();
                boolean unused = StrayInterrupts.await(listening, RETRY, WORK);
            } else {
                client.poll();
            }
        } catch (WakeupException ignored) {
            // There is something to do, or nothing more.
        } catch (InterruptException e) {
            StrayInterrupts.ignore(WORK);
        } catch (InconsistentGroupProtocolException e) {
            meetAnotherKind(e);
        } catch (RetriableException e) {
            LOGGER.atWarn()
                    .addKeyValue("group", settings.groupId())
                    .addKeyValue("error", e.toString())
                    .log("the group cannot be reached, trying again");
            pause();
        }
    }

    private void pause() {
        boolean unused = StrayInterrupts.await(closing, RETRY, WORK);
    }

    /** Members that are no workers of Kafka Connect's. If they are dead, the brokers do not know that before their sessions end. */
    private void meetAnotherKind(InconsistentGroupProtocolException refused) {
        if (System.nanoTime() - mayBeDeadUntilNanos < 0) {
            pause();
            return;
        }
        throw new ConnectException(
                "Group " + settings.groupId() + " (group.id) has members that do not speak connect.protocol="
                        + settings.protocol().name().toLowerCase(Locale.ROOT) + " as this worker does: "
                        + shownOthers() + ". Give this worker a group.id of its own, or the protocol of the others.",
                refused);
    }

    private String shownOthers() {
        try {
            String shown = others.shown();
            return shown.isEmpty() ? "the brokers do not say which" : shown;
        } catch (InterruptedException e) {
            StrayInterrupts.ignore(WORK);
            return "nobody waited for the brokers to say which";
        }
    }

    private void fail(Throwable cause) {
        if (closing.getCount() == 0) {
            return;
        }
        lease.end();
        place.lose();
        if (!joined.completeExceptionally(cause) || nobodyWaits) {
            LOGGER.atError()
                    .addKeyValue("group", settings.groupId())
                    .setCause(cause)
                    .log("this worker is no member of its group any more and stops its connectors");
            broken.complete(cause);
        }
    }

    /** Also a worker that hung as a whole finds here, first of all, that its time is over. */
    private void watch() {
        long looksPerBeat = Math.max(1, settings.times().heartbeat().dividedBy(LOOK));
        for (long looks = 1; !StrayInterrupts.await(closing, LOOK, WORK); looks++) {
            if (looks % looksPerBeat == 0) {
                client.beatWhileJoining();
            }
            if (place.isTaken() && !isHeld()) {
                LOGGER.atWarn()
                        .addKeyValue("group", settings.groupId())
                        .addKeyValue(
                                "sessionTimeoutMs", settings.times().session().toMillis())
                        .log("the brokers were not heard of for most of a session;"
                                + " connectors stop until this worker is a member of its group again");
                place.lose();
                client.joinAnew();
            }
        }
    }

    /** Returns when all that was taken away has stopped, or is given up. */
    private void awaitStopped() {
        Duration patience = settings.times().stop().plus(MARGIN);
        CompletableFuture<Void> stopped = place.stopped();
        try {
            Object unused = CompletableFuture.anyOf(stopped, closed).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            StrayInterrupts.ignore(WORK);
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.atWarn()
                    .addKeyValue("group", settings.groupId())
                    .addKeyValue("error", e.toString())
                    .log("not all that is to stop has stopped in time; the group goes on");
            place.giveUp(stopped);
        }
    }

    /** The rest of the worker, as a round of the group needs it; on the membership's thread. */
    private final class Worker implements Rounds.Surroundings {
        @Override
        public ClusterConfig readConfig() {
            try {
                work.see(readConfig
                        .join()
                        .get()
                        .toCompletableFuture()
                        .get(settings.times().sync().toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                StrayInterrupts.ignore(WORK);
            } catch (ExecutionException | CompletionException | TimeoutException e) {
                LOGGER.atWarn()
                        .addKeyValue("group", settings.groupId())
                        .addKeyValue("error", e.toString())
                        .log("the config topic was not read to its end in time");
            }
            return work.newest();
        }

        @Override
        public void awaitStopped() {
            GroupMember.this.awaitStopped();
        }

        @Override
        public boolean isMember() {
            return isHeld();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        closed.complete(null); // All has stopped, if it is ever going to.
        client.wakeup();
        try {
            speaker.join(MARGIN.toMillis());
            watch.join(MARGIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lease.end();
        try {
            admin.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("the membership's admin client did not close cleanly");
        }
    }
}
