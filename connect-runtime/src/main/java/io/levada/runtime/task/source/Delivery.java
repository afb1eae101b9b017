/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a source task get to the brokers, and its offsets with them: what is promised, and when. Used by the
 * task's thread unless a method says otherwise.
 */
interface Delivery extends AutoCloseable {
    /** Before the plugin starts, and reads its offsets. May take as long as the brokers or other workers do. */
    default void prepare() {}

    /** By which the plugin ends its transactions; null if it does not. */
    default @Nullable TransactionContext context() {
        return null;
    }

    /**
     * The task is to pause, perhaps for long.
     *
     * @return false if it may not yet: more is to be polled, and then this is to be asked again
     */
    default boolean pausing() throws InterruptedException {
        return true;
    }

    /** The plugin has started: offsets are committed from now on. */
    void begin();

    /**
     * Waits a moment until more may be polled.
     *
     * @return false if it may not yet; to be asked again
     * @throws ConnectException if what was sent before cannot be delivered
     */
    boolean ready() throws InterruptedException;

    /**
     * Hands over all of what one poll brought, in order, and tries again what may pass.
     *
     * @throws ConnectException if one of the records cannot be delivered and that is not tolerated; those before it go on
     */
    void send(List<SourceRecord> polled) throws InterruptedException;

    /** A poll brought nothing. */
    default void idle() throws InterruptedException {}

    /** Throws {@link ConnectException} if what was sent before cannot be delivered. */
    void throwFailure();

    /**
     * Waits for what is on its way, within the flush timeout, commits what can be committed and tells the plugin. May be
     * called again after more was sent, and by another thread while the task's own is in the plugin.
     */
    void finish() throws InterruptedException;

    /** The task is given up: nothing is committed any more, and nobody is kept waiting. From any thread; does not block. */
    void cancel();

    /** Ends what is still on its way and frees all; may block for as long as the plugin does in a callback. */
    @Override
    void close();
}
