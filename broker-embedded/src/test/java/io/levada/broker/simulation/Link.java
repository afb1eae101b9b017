/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.api.Reply;
import io.levada.broker.network.SimulatedConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A connection as its client sees it: both ways keep their order and take their time. When it is cut answers are lost, and requests that are under way may
 * still arrive, later than what the client sends again on its next connection.
 */
final class Link {
    private static final long USUAL_NANOS_MAX = 1_000_000;
    private static final long SLOW_NANOS_MAX = 300_000_000;
    private static final int SLOW_ONE_IN = 40;
    private final World world;
    private final BrokerLife life;
    private final RandomGenerator random;
    private final boolean lateArrivals;
    private final SimulatedConnection broker;
    private final Deque<Exchange> outstanding = new ArrayDeque<>();
    private long lastArrival;
    private long lastAnswer;
    private boolean cut;
    private boolean broken;
    private boolean known;

    /**
     * A connection.
     *
     * @param lateArrivals whether what is under way when it is cut may still arrive
     */
    Link(World world, BrokerLife life, RandomGenerator random, boolean lateArrivals) {
        this.world = world;
        this.life = life;
        this.random = random;
        this.lateArrivals = lateArrivals;
        this.broker = life.connect(this, this::replied);
    }

    /** Whether the client knows that it is cut: until then it goes on sending into the void. */
    boolean isKnownToBeCut() {
        return known;
    }

    /** Sends a frame; {@code exchange} is null when no answer is expected. */
    void send(ByteBuffer frame, @Nullable Exchange exchange) {
        if (exchange != null) {
            outstanding.add(exchange);
        }
        if (cut) {
            return;
        }
        boolean lasts = lateArrivals && random.nextInt(4) > 0;
        lastArrival = Math.max(lastArrival, world.time().nanos() + delay());
        world.time().after(lastArrival - world.time().nanos(), () -> {
            // What comes after a gap never comes.
            broken |= cut && !lasts;
            if (!life.isOver() && !broken) {
                broker.receive(frame);
            }
        });
    }

    private void replied(Reply reply) {
        if (reply instanceof Reply.HangUp hangUp) {
            world.trace().note("the broker hangs up: " + hangUp.reason());
            cut();
        } else if (reply instanceof Reply.Answer answer && !world.disk().isDead()) {
            answered(answer);
        }
    }

    private void answered(Reply.Answer answer) {
        try {
            // The bytes are read now: what they come from may be gone when they arrive.
            ByteBuffer bytes = new SentBytes().all(answer.bytes());
            lastAnswer = Math.max(lastAnswer, world.time().nanos() + delay());
            world.time().after(lastAnswer - world.time().nanos(), () -> arrived(bytes));
        } catch (NoSuchFileException e) {
            // It waited for the answers before it until file.delete.delay.ms was over: then a connection ends with it.
            world.trace().note("records were removed before they were sent: " + e.getMessage());
            cut();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void arrived(ByteBuffer answer) {
        Exchange exchange = cut ? null : outstanding.poll();
        if (exchange != null) {
            exchange.answered(answer);
        }
    }

    /** The client notices a little later. */
    void cut() {
        if (cut) {
            return;
        }
        cut = true;
        life.left(this);
        if (!lateArrivals) {
            broker.disconnected();
        }
        world.time().after(delay(), () -> {
            known = true;
            while (!outstanding.isEmpty()) {
                outstanding.remove().lost();
            }
        });
    }

    private long delay() {
        return 1 + random.nextLong(random.nextInt(SLOW_ONE_IN) == 0 ? SLOW_NANOS_MAX : USUAL_NANOS_MAX);
    }
}
