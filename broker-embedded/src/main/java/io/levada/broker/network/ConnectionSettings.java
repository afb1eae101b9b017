/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.time.Duration;

/**
 * Limits of a connection.
 *
 * @param frames what one frame may weigh
 * @param queuedBytesMax what the requests of all connections may take in memory together ({@code queued.max.request.bytes})
 * @param idleMax a connection silent for this long is closed ({@code connections.max.idle.ms})
 * @param firstRequestMax a connection that has not sent a valid request by then is closed
 */
public record ConnectionSettings(Frames frames, long queuedBytesMax, Duration idleMax, Duration firstRequestMax) {
    public ConnectionSettings {
        if (queuedBytesMax < 1) {
            throw new IllegalArgumentException("requests need memory, " + queuedBytesMax + " bytes are too few");
        }
    }

    /**
     * What a frame may weigh, in bytes.
     *
     * @param first the limit until a connection has sent one valid request
     * @param later the limit from then on ({@code socket.request.max.bytes})
     */
    public record Frames(int first, int later) {
        public Frames {
            if (first < 1 || later < 1) {
                throw new IllegalArgumentException("frame limits must be positive: " + first + ", " + later);
            }
        }
    }
}
