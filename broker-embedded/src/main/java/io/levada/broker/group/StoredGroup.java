/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group as {@code __consumer_offsets} keeps it, written whenever a generation has its assignment or the last member is gone.
 *
 * @param protocol the chosen protocol, null without members
 * @param leader the member id of the leader, null without members
 * @param stateSinceMs when it was written
 */
record StoredGroup(
        String protocolType,
        int generation,
        @Nullable String protocol,
        @Nullable String leader,
        long stateSinceMs,
        List<StoredMember> members) {
    StoredGroup {
        members = List.copyOf(members);
    }

    /**
     * A member with what it subscribed to and what it was given.
     *
     * @param instanceId the name of a static member (KIP-345), or null
     */
    // The arrays are handed over and never changed.
    @SuppressWarnings("ArrayRecordComponent")
    record StoredMember(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            byte[] subscription,
            byte[] assignment) {}
}
