/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import org.apache.kafka.common.requests.AbstractResponse;

/**
 * Decides how long a client has to pause after an answer. The answer tells it, and leaves at once; until the pause is over nothing more is started for
 * the connection, for clients that do not keep to it (KIP-219). Called on any thread, so it answers from memory.
 */
@FunctionalInterface
public interface Throttle {
    /** Nobody has to pause. */
    Throttle NONE = (caller, requestBytes, answer) -> 0;

    /**
     * The pause in milliseconds, 0 for none.
     *
     * @param requestBytes the size of the request's frame
     */
    int pauseMs(Caller caller, int requestBytes, AbstractResponse answer);
}
