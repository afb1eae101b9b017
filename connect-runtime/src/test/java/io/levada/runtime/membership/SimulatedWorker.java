/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.plan.Work;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One life of a worker: its real {@link Rounds}, {@link Place}, {@link Lease} and {@link WorkSeen}, in place of kafka-clients a connection that does what
 * that does, and in place of its herder something that starts and stops tasks, which takes time.
 */
final class SimulatedWorker {
    private static final long LOOK_MS = 100;
    private static final long POLL_MS = 50;
    private static final long HEARTBEAT_MS = 3_000;
    private static final long REQUEST_MS = 5_000;
    /** What a stop takes at most: less than the lease ends before the session. */
    private static final int STOP_MS_MAX = 1_500;

    private static final GroupSettings.Times TIMES = new GroupSettings.Times(
            Duration.ofMillis(SimulatedBrokers.SESSION_MS),
            Duration.ofMillis(SimulatedBrokers.REBALANCE_MS),
            Duration.ofMillis(HEARTBEAT_MS),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5));

    private final GroupWorld world;
    private final int number;
    private final Place place = new Place();
    private final WorkSeen work = new WorkSeen();
    private final Lease lease = new Lease(TIMES.session(), TIMES.rebalance(), TIMES.heartbeat());
    private final Rounds rounds;
    private final Set<TaskId> running = new HashSet<>();
    private final Set<TaskId> stopping = new HashSet<>();
    private final List<CompletableFuture<Void>> awaited = new ArrayList<>();
    private Share share = Share.NONE;
    private GroupEvent.@Nullable Assigned ahead;

    private String memberId = "";
    private int generation = -1;
    /** By what name that was. */
    private String knownAs = "";

    private boolean prepared;
    private boolean rejoinNeeded = true;
    private boolean isMember;
    private boolean joining;
    private boolean busy;
    private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);
    private boolean alive = true;
    private long hungUntilMs;
    private long cutUntilMs;
    /** Until when nothing new comes from the config topic. */
    private long lateUntilMs;

    private long sentMs;
    private long receivedMs;

    SimulatedWorker(GroupWorld world, int number) {
        this.world = world;
        this.number = number;
        String url = "http://worker" + number + "/";
        this.rounds = new Rounds(
                new GroupSettings("g", "worker" + number, url, Optional.empty(), GroupProtocol.SESSIONED, TIMES),
                new Rounds.Surroundings() {
                    @Override
                    public ClusterConfig readConfig() {
                        if (!world.isLost()) {
                            see();
                        }
                        if (isLate() && world.chance.nextBoolean()) {
                            catchUpIn(1 + world.chance.nextInt(2 * (int) POLL_MS));
                        }
                        return work.newest();
                    }

                    @Override
                    public void awaitStopped() {
                        stopped = place.stopped(); // Nothing goes on before it is done.
                    }

                    @Override
                    public boolean isMember() {
                        return lease.isHeld(nanos());
                    }
                },
                place,
                work);
        place.listen(event -> after(1, () -> take(event)));
        see();
        every(POLL_MS, this::poll);
        every(LOOK_MS, this::watch);
        every(HEARTBEAT_MS, this::heartbeat);
        every(HEARTBEAT_MS, this::beatWhileJoining);
    }

    private void every(long pauseMs, Runnable what) {
        after(pauseMs, () -> {
            what.run();
            every(pauseMs, what);
        });
    }

    /** What happens in a worker that hangs happens when it goes on. */
    private void after(long delayMs, Runnable what) {
        world.after(delayMs, () -> run(what));
    }

    private void run(Runnable what) {
        if (isHung()) {
            long lateMs = hungUntilMs - world.nowMs() + world.chance.nextInt((int) POLL_MS);
            world.after(lateMs, () -> run(what));
        } else if (alive) {
            what.run();
        }
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(world.nowMs());
    }

    // The network.

    private <T> void ask(long timeoutMs, Consumer<Consumer<T>> request, Consumer<T> onAnswer, Runnable onFailure) {
        boolean[] over = {false};
        Runnable failed = () -> {
            if (!over[0]) {
                over[0] = true;
                onFailure.run();
            }
        };
        after(timeoutMs, failed);
        send(
                () -> request.accept(answer -> receive(
                        () -> {
                            if (!over[0]) {
                                over[0] = true;
                                onAnswer.accept(answer);
                            }
                        },
                        failed)),
                failed);
    }

    private void send(Runnable arrives, Runnable lost) {
        sentMs = Math.max(sentMs, world.nowMs() + delayMs());
        if (isCut() || world.isLost()) {
            onDisconnect(lost);
        } else {
            world.after(sentMs - world.nowMs(), arrives);
        }
    }

    private void receive(Runnable arrives, Runnable lost) {
        receivedMs = Math.max(receivedMs, world.nowMs() + delayMs());
        world.after(receivedMs - world.nowMs(), () -> {
            if (isCut() || world.isLost()) {
                onDisconnect(lost);
            } else {
                run(arrives);
            }
        });
    }

    /** A cut is only noticed by the time that something takes. */
    private void onDisconnect(Runnable lost) {
        if (!isCut()) {
            after(200, lost);
        }
    }

    private int delayMs() {
        return world.chance.nextInt(20) == 0 ? world.chance.nextInt(800) : 1 + world.chance.nextInt(20);
    }

    // The membership's thread, as AbstractCoordinator has it.

    private void poll() {
        if (busy || !stopped.isDone()) {
            return;
        }
        long nowMs = world.nowMs();
        if (rounds.leaveIfLate(nowMs, this::leaveOnceStopped)) {
            return;
        }
        if (rounds.staysAway(nowMs)) {
            return;
        }
        rounds.look(nowMs);
        if (!rounds.wantsToJoin() && !rejoinNeeded) {
            return;
        }
        isMember = false;
        if (!prepared) {
            prepared = true;
            rounds.prepare(!memberId.isEmpty());
        } else {
            join();
        }
    }

    /** By the time that it is to leave what it was told to wait for has stopped. */
    private void leaveOnceStopped() {
        CompletableFuture<Void> unused = stopped.thenRun(this::forgetMembership);
    }

    private void forgetMembership() {
        String left = memberId;
        memberId = "";
        generation = -1;
        isMember = false;
        rejoinNeeded = true;
        if (!left.isEmpty()) {
            send(() -> world.brokers.leave(left), () -> {});
        }
    }

    private void join() {
        busy = true;
        ByteBuffer metadata = rounds.state().bytes(GroupProtocol.SESSIONED);
        CompletableFuture<Void> unused = stopped.thenRun(() -> join(metadata));
    }

    private void join(ByteBuffer metadata) {
        joining = true;
        long sent = nanos();
        String as = memberId;
        this.<SimulatedBrokers.Joined>ask(
                SimulatedBrokers.REBALANCE_MS + REQUEST_MS,
                answer -> world.brokers.join(as, metadata, answer),
                joined -> onJoined(joined, sent),
                () -> {
                    joining = false;
                    rejoinNeeded = true;
                    busy = false;
                });
    }

    private void onJoined(SimulatedBrokers.Joined joined, long sent) {
        joining = false;
        see(joined.error(), sent);
        if (joined.error() == Errors.MEMBER_ID_REQUIRED) {
            memberId = joined.memberId();
            rejoinNeeded = true;
            busy = false;
        } else if (joined.error() == Errors.NONE) {
            generation = joined.generation();
            knownAs = memberId;
            isMember = true;
            sync(joined.leads() ? led(joined.members()) : Map.of());
        } else {
            memberId = "";
            rejoinNeeded = true;
            busy = false;
        }
    }

    private Map<String, ByteBuffer> led(SortedMap<String, ByteBuffer> members) {
        SortedMap<String, WorkerState> states = new TreeMap<>();
        members.forEach((id, metadata) -> states.put(id, WorkerState.parse(metadata.duplicate())));
        return rounds.lead(memberId, GroupProtocol.SESSIONED, states, world.nowMs());
    }

    private void sync(Map<String, ByteBuffer> told) {
        long sent = nanos();
        this.<SimulatedBrokers.Synced>ask(
                REQUEST_MS,
                answer -> world.brokers.sync(memberId, generation, told, answer),
                synced -> onSynced(synced, sent),
                () -> {
                    rejoinNeeded = true;
                    busy = false;
                });
    }

    private void onSynced(SimulatedBrokers.Synced synced, long sent) {
        busy = false;
        see(synced.error(), sent);
        ByteBuffer assignment = synced.assignment();
        if (synced.error() == Errors.NONE && assignment != null) {
            rejoinNeeded = false;
            prepared = false;
            rounds.agreed(generation, memberId, GroupProtocol.SESSIONED, assignment.duplicate(), world.nowMs());
        } else {
            rejoinNeeded = true;
            if (synced.error() == Errors.UNKNOWN_MEMBER_ID) {
                memberId = "";
            }
        }
    }

    private void see(Errors answer, long sent) {
        if (answer == Errors.NONE) {
            lease.renew(sent);
        } else if (answer == Errors.REBALANCE_IN_PROGRESS) {
            lease.waitedFor(sent);
        } else if (answer == Errors.UNKNOWN_MEMBER_ID) {
            lease.end();
        }
    }

    // The others' threads: heartbeats, questions, the lease.

    private void heartbeat() {
        if (!isMember || joining || memberId.isEmpty()) {
            return;
        }
        long sent = nanos();
        String as = memberId;
        int in = generation;
        this.<Errors>ask(
                REQUEST_MS,
                answer -> answer.accept(world.brokers.heartbeat(as, in)),
                error -> {
                    if (as.equals(memberId)) {
                        see(error, sent);
                    }
                    if (in == generation && error != Errors.NONE) {
                        rejoinNeeded = true;
                        if (error == Errors.UNKNOWN_MEMBER_ID) {
                            memberId = "";
                            isMember = false;
                        }
                    }
                },
                () -> {});
    }

    private void beatWhileJoining() {
        if (joining && !memberId.isEmpty() && memberId.equals(knownAs)) {
            long sent = nanos();
            this.<Errors>ask(
                    REQUEST_MS,
                    answer -> answer.accept(world.brokers.heartbeat(knownAs, generation)),
                    error -> see(error, sent),
                    () -> {});
        }
    }

    private void watch() {
        if (place.isTaken() && !lease.isHeld(nanos())) {
            world.note(this + " has lost its place");
            place.lose();
            rounds.joinAnew();
        }
    }

    // The herder.

    void configChanged() {
        after(delayMs(), this::see);
    }

    private void see() {
        if (!isLate()) {
            work.see(world.config());
        }
        if (place.isTaken() && work.hasChanged()) {
            rounds.joinAnew();
        }
        GroupEvent.Assigned waits = ahead;
        if (waits != null && waits.configOffset() <= work.newest().offset()) {
            take(waits);
        } else {
            reconcile();
        }
    }

    private void take(GroupEvent event) {
        ahead = null;
        if (event instanceof GroupEvent.Assigned assigned) {
            if (work.newest().offset() < assigned.configOffset()) {
                ahead = assigned;
            } else {
                share = assigned.share();
                reconcile();
            }
        } else if (event instanceof GroupEvent.Revoked revoked) {
            share = share.without(revoked.share());
            reconcile();
            tellWhenStopped(revoked.stopped());
        } else if (event instanceof GroupEvent.Lost lost) {
            share = Share.NONE;
            reconcile();
            tellWhenStopped(lost.stopped());
        }
    }

    private void tellWhenStopped(CompletableFuture<Void> future) {
        awaited.add(future);
        tellIfStopped();
    }

    private void tellIfStopped() {
        if (stopping.isEmpty()) {
            awaited.forEach(future -> future.complete(null));
            awaited.clear();
        }
    }

    private void reconcile() {
        Set<TaskId> wanted = Work.of(share, work.newest()).tasks().keySet();
        for (TaskId id : new TreeSet<>(running)) {
            if (!wanted.contains(id)) {
                running.remove(id);
                stopping.add(id);
                after(world.chance.nextInt(STOP_MS_MAX), () -> end(id));
            }
        }
        for (TaskId id : wanted) {
            if (!stopping.contains(id) && running.add(id)) {
                world.note(this + " starts " + id);
            }
        }
    }

    private void end(TaskId id) {
        stopping.remove(id);
        world.note(this + " has stopped " + id);
        tellIfStopped();
        reconcile();
    }

    // What befalls it, and what it is.

    void kill() {
        alive = false;
        running.clear();
        stopping.clear();
    }

    /** All is stopped before. */
    void leave() {
        String left = memberId;
        kill();
        if (!left.isEmpty()) {
            send(() -> world.brokers.leave(left), () -> {});
        }
    }

    void hang(long lengthMs) {
        hungUntilMs = Math.max(hungUntilMs, world.nowMs() + lengthMs);
    }

    void cut(long lengthMs) {
        cutUntilMs = Math.max(cutUntilMs, world.nowMs() + lengthMs);
    }

    void readLate(long lengthMs) {
        catchUpIn(lengthMs);
    }

    private void catchUpIn(long lengthMs) {
        lateUntilMs = world.nowMs() + lengthMs;
        after(lengthMs, this::see);
    }

    private boolean isLate() {
        return world.nowMs() < lateUntilMs;
    }

    /** @return until when it hangs */
    long heal() {
        cutUntilMs = 0;
        lateUntilMs = 0;
        see();
        return hungUntilMs;
    }

    boolean isHung() {
        return world.nowMs() < hungUntilMs;
    }

    private boolean isCut() {
        return world.nowMs() < cutUntilMs;
    }

    /** It needs a moment to look at its lease, and then for its tasks to stop. */
    boolean hungJustNow() {
        return hungUntilMs > 0 && world.nowMs() - hungUntilMs < 2 * LOOK_MS + STOP_MS_MAX;
    }

    boolean runs(TaskId id) {
        return alive && (running.contains(id) || stopping.contains(id));
    }

    Set<TaskId> running() {
        return Set.copyOf(running);
    }

    @Override
    public String toString() {
        return "worker " + number + " (" + memberId + ")";
    }
}
