/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.protocol.Errors;

/** The rules of LeaveGroup. Owned by the coordinator thread. */
final class Leave {
    private final Groups groups;
    private final Rebalance rebalance;

    Leave(Groups groups, Rebalance rebalance) {
        this.groups = groups;
        this.rebalance = rebalance;
    }

    /** Lets members go; those who remain rebalance once, however many left. */
    Decision<List<MemberResponse>> leave(String groupId, List<MemberIdentity> leaving) {
        Group group = groups.ofMember(groupId);
        int before = group.members().size();
        List<MemberResponse> answers = new ArrayList<>();
        for (MemberIdentity who : leaving) {
            answers.add(new MemberResponse()
                    .setMemberId(who.memberId())
                    .setGroupInstanceId(who.groupInstanceId())
                    .setErrorCode(leave(group, who).code()));
        }
        boolean membersLeft = group.members().size() < before;
        return rebalance.decided(
                group, membersLeft ? rebalance.advanceWithout(group) : rebalance.retracted(group), answers);
    }

    private Errors leave(Group group, MemberIdentity who) {
        if (who.groupInstanceId() != null) {
            Member member = group.findStatic(who.groupInstanceId()).orElse(null);
            if (member == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            // An administrator removes a static member by its name alone.
            if (!who.memberId().isEmpty() && !who.memberId().equals(member.id())) {
                return Errors.FENCED_INSTANCE_ID;
            }
            rebalance.dismiss(group, member);
            return Errors.NONE;
        }
        if (group.retract(who.memberId())) {
            return Errors.NONE;
        }
        Member member = group.find(who.memberId()).orElse(null);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        rebalance.dismiss(group, member);
        return Errors.NONE;
    }
}
