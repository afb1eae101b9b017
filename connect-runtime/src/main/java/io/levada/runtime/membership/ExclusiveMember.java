/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.threads.StrayInterrupts;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only worker of its group, by the word of the brokers: of two workers of one {@code group.id} the one that runs goes on, and the other
 * one does not start. As long as workers cannot share connectors, two of them would run each twice.
 *
 * <p>A worker that was killed is a member until its session ends; who comes after it waits for that long. {@link #claim} and
 * {@link #close} block; a thread of its own, {@code levada-membership}, does the rest.
 */
public final class ExclusiveMember implements Membership {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExclusiveMember.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final String WORK = "the membership";

    private final GroupSettings settings;
    private final OtherMembers others;
    private final Admin admin;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> claimed = new CompletableFuture<>();
    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private final Thread thread;
    private final GroupClient client;
    private final OwnAssignment assignment;
    /** Until when members of another kind may be dead ones; the membership's thread. */
    private long mayBeDeadUntilNanos;

    private ExclusiveMember(GroupSettings settings, Map<String, Object> consumer, Map<String, Object> adminSettings) {
        this.settings = settings;
        this.assignment = new OwnAssignment(settings.workerId());
        this.admin = Admin.create(adminSettings);
        this.others = new OtherMembers(admin, settings.groupId());
        this.client = clientOrNothingOpen(consumer);
        this.thread = new Thread(this::run, "levada-membership");
        this.thread.setDaemon(true);
    }

    private GroupClient clientOrNothingOpen(Map<String, Object> consumer) {
        try {
            return GroupClient.open(settings, consumer, new Agreements());
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    /**
     * Joins the group, and returns when this worker is the one that may run the connectors.
     *
     * @param consumer settings of a consumer of the worker's own, of which addresses, security and time-outs are used
     * @param admin settings of an admin client
     * @throws ConnectException if another worker of the group is alive
     */
    public static ExclusiveMember claim(
            GroupSettings settings, Map<String, Object> consumer, Map<String, Object> admin) {
        ExclusiveMember member = new ExclusiveMember(settings, consumer, admin);
        try {
            member.claim();
            return member;
        } catch (RuntimeException | Error e) {
            member.close();
            throw e;
        }
    }

    private void claim() {
        Duration patience =
                settings.sessionTimeout().plus(settings.rebalanceTimeout()).plus(MARGIN);
        try {
            if (settings.instance().isPresent()) {
                others.remove(settings.instance().get());
            }
            String present = others.shown();
            if (!present.isEmpty()) {
                LOGGER.atInfo()
                        .addKeyValue("group", settings.groupId())
                        .addKeyValue("members", present)
                        .addKeyValue(
                                "sessionTimeoutMs", settings.sessionTimeout().toMillis())
                        .log("the group has a member; if that was killed, its session ends soon, which is waited for");
            }
            thread.start();
            claimed.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while joining group " + settings.groupId(), e);
        } catch (TimeoutException e) {
            throw new ConnectException(
                    "Could not join group " + settings.groupId() + " (group.id) within " + patience.toSeconds()
                            + " s; see the brokers' log",
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ConnectException refused
                    ? refused
                    : new ConnectException(
                            "Cannot join group " + settings.groupId() + " (group.id): " + e.getCause(), e);
        }
    }

    @Override
    public void join(Consumer<GroupEvent> listener) {
        assignment.listen(listener);
    }

    @Override
    public void onConfig(ClusterConfig config) {
        assignment.onConfig(config);
    }

    @Override
    public CompletionStage<Throwable> broken() {
        return broken;
    }

    private void run() {
        mayBeDeadUntilNanos =
                System.nanoTime() + settings.sessionTimeout().plus(MARGIN).toNanos();
        try {
            while (closing.getCount() > 0) {
                poll();
            }
        } catch (WakeupException ignored) {
            // Closed.
        } catch (RuntimeException | Error e) {
            fail(e);
        } finally {
            client.close();
        }
    }

    private void poll() {
        try {
            client.poll();
        } catch (InterruptException e) {
            StrayInterrupts.ignore(WORK);
        } catch (InconsistentGroupProtocolException e) {
            meetAnotherKind(e);
        }
    }

    /** Workers of another kind. If they are dead, the brokers do not know that before their sessions end. */
    private void meetAnotherKind(InconsistentGroupProtocolException refused) {
        try {
            if (claimed.isDone() || !mayBeDead()) {
                throw new ConnectException(refusal(others.shown()), refused);
            }
            awaitNobody();
        } catch (InterruptedException e) {
            StrayInterrupts.ignore(WORK); // The next poll meets them again.
        }
    }

    private boolean mayBeDead() {
        return System.nanoTime() - mayBeDeadUntilNanos < 0;
    }

    private void awaitNobody() throws InterruptedException {
        while (!StrayInterrupts.await(closing, RETRY, WORK)) {
            if (!mayBeDead() || others.shown().isEmpty()) {
                return;
            }
        }
    }

    private void fail(Throwable cause) {
        if (closing.getCount() == 0) {
            return;
        }
        if (!claimed.completeExceptionally(cause)) {
            LOGGER.atError()
                    .addKeyValue("group", settings.groupId())
                    .setCause(cause)
                    .log("this worker is no member of its group any more and stops its connectors");
            assignment.lost();
            broken.complete(cause);
        }
    }

    private String refusal(String present) {
        return "Another worker of group " + settings.groupId() + " (group.id) is running"
                + (present.isEmpty() ? "" : ": " + present)
                + ". Workers do not share connectors yet, so both would run each of them. Stop the other one, or give this one a group.id"
                + " and config.storage.topic, offset.storage.topic and status.storage.topic of its own.";
    }

    /** The other half: what the group says, on the membership's thread. */
    private final class Agreements implements GroupCoordination.Listener {
        @Override
        public void onAgreed(int generation, Holder holder, boolean own) {
            if (!own) {
                throw new ConnectException(refusal(holder.workerId()));
            }
            assignment.agreed(generation);
            claimed.complete(null);
        }

        @Override
        public void onLost() {
            LOGGER.atWarn()
                    .addKeyValue("group", settings.groupId())
                    .log("membership of the group is lost; connectors stop until it is won back");
            assignment.lost();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        client.wakeup();
        if (thread.isAlive()) {
            try {
                thread.join(MARGIN.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else {
            client.close();
        }
        try {
            admin.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("the membership's admin client did not close cleanly");
        }
    }
}
