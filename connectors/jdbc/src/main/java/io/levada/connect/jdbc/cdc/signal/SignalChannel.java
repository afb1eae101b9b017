/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.jdbc.cdc.event.TakenSignals;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A way by which signals come besides the server's log. Used by the capturing thread. */
public interface SignalChannel extends AutoCloseable {

    /**
     * A signal as it came.
     *
     * @param json an object with {@code id}, {@code type} and {@code data}
     * @param where it came from, for the log
     * @param taken marks it as taken, among what was
     */
    record Arrived(String json, String where, UnaryOperator<TakenSignals> taken) {}

    /** Opens all channels that are wanted. */
    @FunctionalInterface
    interface Opener {
        /** @param from what was taken before; none of it comes again */
        List<SignalChannel> open(TakenSignals from);
    }

    /**
     * The next signal; null if there is none now. Does not wait.
     *
     * @param stored what the worker has stored as taken, which may be forgotten where it came from
     */
    @Nullable
    Arrived next(TakenSignals stored);

    @Override
    void close();
}
