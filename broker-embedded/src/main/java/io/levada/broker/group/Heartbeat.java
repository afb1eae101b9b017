/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.protocol.Errors;

/** The rules of Heartbeat: a member stays, and learns of a rebalance. Owned by the coordinator thread. */
final class Heartbeat {
    private final Groups groups;
    private final Sessions sessions;

    Heartbeat(Groups groups, Sessions sessions) {
        this.groups = groups;
        this.sessions = sessions;
    }

    Decision<Errors> beat(HeartbeatRequestData data) {
        Group group = groups.ofMember(data.groupId());
        Member member = group.validMember(data.memberId(), data.groupInstanceId());
        group.checkGeneration(data.generationId());
        sessions.restart(group, member);
        return Decision.reply(group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE);
    }
}
