/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import java.time.Duration;
import java.util.ConcurrentModificationException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * A sink task's right to its consumer. It ends once: the task closes the consumer when it is done, or its owner takes it away
 * because the task does not come back from a call. From then on the task commits nothing whatever it still does, and its partitions
 * are free at once instead of when {@code max.poll.interval.ms} is over.
 */
final class ConsumerLease implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final Consumer<byte[], byte[]> consumer;
    private volatile boolean taken;
    /** Guarded by this. */
    private boolean closed;

    ConsumerLease(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /** Whether the task must not use the consumer any more. */
    boolean taken() {
        return taken;
    }

    /** Takes it away; from any thread, does not block. */
    void end() {
        taken = true;
        consumer.wakeup();
    }

    /** Takes it away and leaves the group; from any thread but the task's, blocks for a few seconds at most. */
    void take() {
        end();
        try {
            close();
        } catch (ConcurrentModificationException ignored) {
            // The task's thread is inside the consumer: woken up, it comes out and closes it itself.
        }
    }

    /** Closes the consumer, once. A thread that is interrupted would leave the group without telling it, so that waits. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
        } catch (ConcurrentModificationException e) {
            closed = false;
            throw e;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
