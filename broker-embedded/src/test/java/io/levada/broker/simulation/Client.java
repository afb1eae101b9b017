/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A client as a state machine: it asks, and goes on when it is answered or learns that it will not be. It has one connection at a time. */
abstract class Client {
    private static final int FIND_COORDINATOR = 6;
    private static final long DETECTION_NANOS_MAX = 20_000_000;
    private final World world;
    private final String name;
    private final RandomGenerator random;
    private final boolean lateArrivals;
    private @Nullable Link link;
    private int requests;
    private long offlineUntilNanos = -1;

    /**
     * A client.
     *
     * @param lateArrivals whether what it sent on a connection that was cut may still arrive after what it sends on the next
     */
    Client(World world, String name, boolean lateArrivals) {
        this.world = world;
        this.name = name;
        this.random = world.fork();
        this.lateArrivals = lateArrivals;
    }

    /** Begins to work, which goes on by itself until {@link World#isSettling}. */
    abstract void begin();

    /** Whether it has no question open and nothing to try again. */
    abstract boolean isDone();

    final World world() {
        return world;
    }

    final String name() {
        return name;
    }

    final RandomGenerator random() {
        return random;
    }

    /** Sends a request; exactly one of {@code answered} and {@code lost} comes later. */
    final <A extends ApiMessage> void ask(
            ApiMessage request, int version, Class<A> answer, Consumer<A> answered, Runnable lost) {
        Link connected = connected();
        Exchange exchange = exchange(request, version, message -> answered.accept(answer.cast(message)), lost);
        if (connected == null) {
            // All that is asked meanwhile fails at one moment, in its order.
            world.time().after(offlineUntilNanos - world.time().nanos(), lost);
        } else {
            connected.send(exchange.frame(request, name), exchange);
        }
    }

    /**
     * Goes on once there is a coordinator for a key, which makes its topic.
     *
     * @param keyType 0 for a group, 1 for a transactional id
     */
    final void findCoordinator(int keyType, String key, long pauseMsMax, Runnable then) {
        ask(
                new FindCoordinatorRequestData().setKeyType((byte) keyType).setCoordinatorKeys(List.of(key)),
                FIND_COORDINATOR,
                FindCoordinatorResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.coordinators().get(0).errorCode());
                    Violation.unless(
                            error == Errors.NONE || isPassing(error), () -> name + " finds no coordinator: " + error);
                    pause(
                            pauseMsMax,
                            error == Errors.NONE ? then : () -> findCoordinator(keyType, key, pauseMsMax, then));
                },
                () -> pause(pauseMsMax, () -> findCoordinator(keyType, key, pauseMsMax, then)));
    }

    /** Sends a request that is not answered. */
    final void tell(ApiMessage request, int version) {
        Link connected = connected();
        if (connected != null) {
            connected.send(exchange(request, version, message -> {}, () -> {}).frame(request, name), null);
        }
    }

    private Exchange exchange(ApiMessage request, int version, Consumer<ApiMessage> answered, Runnable lost) {
        return new Exchange(ApiKeys.forId(request.apiKey()), (short) version, requests++, answered, lost);
    }

    private @Nullable Link connected() {
        Link present = link;
        if (present != null && !present.isKnownToBeCut()) {
            return present;
        }
        if (world.time().nanos() <= offlineUntilNanos) {
            return null;
        }
        link = world.connect(random, lateArrivals);
        if (link == null) {
            offlineUntilNanos = world.time().nanos() + 1 + random.nextLong(DETECTION_NANOS_MAX);
        }
        return link;
    }

    /** The connection breaks. */
    final void cut() {
        Link present = link;
        if (present != null) {
            present.cut();
        }
    }

    /** Goes on after at most {@code maxMs}. */
    final void pause(long maxMs, Runnable then) {
        world.time().after(1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(maxMs)), then);
    }

    final void note(String event) {
        world.trace().note(name + " " + event);
    }

    /** An error that a broker without replicas, whose disk may fail, gives in passing. */
    final boolean isPassing(Errors error) {
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            throw new Violation(name + " was told of an unexpected error");
        }
        return error == Errors.KAFKA_STORAGE_ERROR
                || error == Errors.COORDINATOR_NOT_AVAILABLE
                || error == Errors.COORDINATOR_LOAD_IN_PROGRESS
                || error == Errors.NOT_COORDINATOR
                || error == Errors.NOT_LEADER_OR_FOLLOWER;
    }

    @Override
    public final String toString() {
        return name;
    }
}
