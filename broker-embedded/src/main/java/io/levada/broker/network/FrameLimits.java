/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

/**
 * What a frame may weigh, in bytes.
 *
 * @param first the limit until a connection has sent one valid request
 * @param later the limit from then on ({@code socket.request.max.bytes})
 */
public record FrameLimits(int first, int later) {
    public FrameLimits {
        if (first < 1 || later < 1) {
            throw new IllegalArgumentException("frame limits must be positive: " + first + ", " + later);
        }
    }
}
