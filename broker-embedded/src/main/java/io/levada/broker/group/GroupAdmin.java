/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsResponse;

/** What administrators ask of groups. Owned by the coordinator thread. */
final class GroupAdmin {
    private static final String TYPE = "Classic";
    private static final String GONE = "Dead";
    private static final short FIRST_WITH_GROUP_NOT_FOUND = 6;
    private final Groups groups;
    private final Offsets offsets;

    GroupAdmin(Groups groups, Offsets offsets) {
        this.groups = groups;
        this.offsets = offsets;
    }

    /** The groups in one of {@code states} and of one of {@code types}; an empty filter lets all pass. */
    List<ListedGroup> list(List<String> states, List<String> types) {
        Set<String> wantedStates = lowerCase(states);
        if (!types.isEmpty() && !lowerCase(types).contains(TYPE.toLowerCase(Locale.ROOT))) {
            return List.of();
        }
        return groups.all().stream()
                .filter(group -> wantedStates.isEmpty()
                        || wantedStates.contains(group.state().text().toLowerCase(Locale.ROOT)))
                .map(group -> new ListedGroup()
                        .setGroupId(group.id())
                        .setProtocolType(group.protocolType())
                        .setGroupState(group.state().text())
                        .setGroupType(TYPE))
                .toList();
    }

    DescribedGroup describe(String id, short version) {
        return groups.find(id).map(GroupAdmin::described).orElseGet(() -> {
            DescribedGroup absent = new DescribedGroup().setGroupId(id).setGroupState(GONE);
            return version < FIRST_WITH_GROUP_NOT_FOUND
                    ? absent
                    : absent.setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                            .setErrorMessage("there is no group '" + id + "'");
        });
    }

    /** Removes a group without members. */
    Decision<Boolean> delete(String id) {
        Group group = groups.existing(id);
        if (group.size() > 0) {
            throw new GroupNotEmptyException("group '" + id + "' has members; stop them first");
        }
        group.endTimers();
        return Decision.of(offsets.removals(id), true);
    }

    /** Removes offsets of partitions that no member is subscribed to; one error per partition. */
    Decision<Map<TopicPartition, Errors>> deleteOffsets(String id, List<TopicPartition> partitions) {
        Group group = groups.existing(id);
        Set<String> inUse = subscribedTopics(group);
        Map<TopicPartition, Errors> answers = new HashMap<>();
        List<TopicPartition> free = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            boolean subscribed = inUse.contains(partition.topic());
            answers.put(partition, subscribed ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE);
            if (!subscribed) {
                free.add(partition);
            }
        }
        return Decision.of(offsets.removals(id, free), answers);
    }

    private static DescribedGroup described(Group group) {
        List<DescribedGroupMember> members = new ArrayList<>();
        boolean stable = group.is(GroupState.STABLE);
        for (Member member : group.members()) {
            members.add(DescribeGroupsResponse.groupMember(
                    member.id(),
                    member.instanceId(),
                    member.identity().clientId(),
                    member.identity().clientHost(),
                    stable ? member.assignment() : new byte[0],
                    stable ? member.metadata(group.protocol()) : new byte[0]));
        }
        String protocol = group.protocol();
        return new DescribedGroup()
                .setGroupId(group.id())
                .setGroupState(group.state().text())
                .setProtocolType(group.protocolType())
                .setProtocolData(stable && protocol != null ? protocol : "")
                .setMembers(members);
    }

    private static Set<String> subscribedTopics(Group group) {
        if (!group.hasMembers()) {
            return Set.of();
        }
        if (!group.protocolType().equals(ConsumerProtocol.PROTOCOL_TYPE)) {
            throw new GroupNotEmptyException("group '" + group.id() + "' has members; stop them first");
        }
        return group.subscribedTopics()
                .orElseThrow(() -> new GroupNotEmptyException("group '" + group.id()
                        + "' has members, and what they subscribe to is not known; stop them first"));
    }

    private static Set<String> lowerCase(List<String> words) {
        Set<String> lower = new HashSet<>();
        words.forEach(word -> lower.add(word.toLowerCase(Locale.ROOT)));
        return lower;
    }
}
