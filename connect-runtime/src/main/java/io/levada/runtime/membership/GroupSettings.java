/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.time.Duration;
import java.util.Optional;

/**
 * A worker's place in its group.
 *
 * @param workerId its address, for people
 * @param url of its REST API as the others reach it, with a slash at the end
 * @param instance names the place itself if there can only be one process in it: who is there from an earlier life is dead, and need not be
 *     waited for
 * @param protocol the best that it speaks
 * @param times how long things may take
 */
public record GroupSettings(
        String groupId, String workerId, String url, Optional<String> instance, GroupProtocol protocol, Times times) {
    /**
     * How long things may take.
     *
     * @param session without a heartbeat, after which a worker is taken for dead
     * @param rebalance for all members to join
     * @param heartbeat between heartbeats
     * @param delay for which work of a worker that went waits for its return
     * @param sync for the config topic to be read, where another has read more
     * @param away for which a worker that reads the config topic too late stays out of the group, unless it has read what it lacked before
     * @param stop for tasks to stop
     */
    public record Times(
            Duration session,
            Duration rebalance,
            Duration heartbeat,
            Duration delay,
            Duration sync,
            Duration away,
            Duration stop) {}
}
