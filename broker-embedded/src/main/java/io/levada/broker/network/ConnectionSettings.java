/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.time.Duration;

/**
 * Limits of a connection.
 *
 * @param frames what one frame may weigh
 * @param queuedBytesMax what the requests of all connections may take in memory together ({@code queued.max.request.bytes})
 * @param buffers what the kernel keeps for a connection
 * @param idleMax a connection silent for this long is closed ({@code connections.max.idle.ms})
 * @param firstRequestMax a connection that has not sent a valid request by then is closed
 */
public record ConnectionSettings(
        Frames frames, long queuedBytesMax, Buffers buffers, Duration idleMax, Duration firstRequestMax) {
    public ConnectionSettings {
        if (queuedBytesMax < 1) {
            throw new IllegalArgumentException("requests need memory, " + queuedBytesMax + " bytes are too few");
        }
    }

    /**
     * Bytes that the kernel buffers, 0 to leave that to it. Left to itself it takes megabytes for a client that does not read, and whoever asks without
     * reading keeps the broker busy until they are full.
     *
     * @param send {@code socket.send.buffer.bytes}
     * @param receive {@code socket.receive.buffer.bytes}
     */
    public record Buffers(int send, int receive) {}

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
