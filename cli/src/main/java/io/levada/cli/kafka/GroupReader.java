/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.kafka.Group.Member;
import io.levada.cli.kafka.Group.Progress;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Nearest;
import io.levada.cli.terminal.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/** Asks for all that is known of a group. Each type of group has calls of its own. */
final class GroupReader {
    private final Admin admin;
    private final String name;

    GroupReader(Admin admin, String name) {
        this.admin = admin;
        this.name = name;
    }

    /** Throws a {@link Problem} if there is no such group, or one of a type that this client does not know. */
    Group read() throws Exception {
        Collection<GroupListing> groups = admin.listGroups().all().get();
        GroupListing listing = groups.stream()
                .filter(group -> group.groupId().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(groups));
        GroupType type = listing.type().orElse(GroupType.CLASSIC);
        return switch (type) {
            case CONSUMER -> consumers(type);
            case CLASSIC ->
                listing.protocol().isEmpty() || listing.protocol().equals(ConsumerProtocol.PROTOCOL_TYPE)
                        ? consumers(type)
                        : classic();
            case SHARE -> share();
            case STREAMS -> streams();
            case UNKNOWN ->
                throw new Problem(
                        ExitCode.FAILURE,
                        "cannot describe group '" + name + "'",
                        "it is of a type that this version of Levada does not know",
                        "Its broker is newer: use the tools that came with it.");
        };
    }

    private Problem unknown(Collection<GroupListing> groups) {
        String near = Nearest.question(
                name, groups.stream().map(GroupListing::groupId).toList(), "'");
        return new Problem(
                ExitCode.NOT_FOUND,
                "cannot describe group '" + name + "'",
                "there is no group '" + name + "'." + (near.isEmpty() ? "" : " " + near),
                "'levada groups list' shows what there is.");
    }

    private Group consumers(GroupType type) throws Exception {
        ConsumerGroupDescription group =
                only(admin.describeConsumerGroups(List.of(name)).all().get());
        List<Member> members = members(group.members());
        return new Group(
                name,
                type.toString(),
                ConsumerProtocol.PROTOCOL_TYPE,
                group.groupState().toString(),
                address(group.coordinator()),
                members,
                progress(
                        members,
                        offsets(admin.listConsumerGroupOffsets(name)
                                .partitionsToOffsetAndMetadata()
                                .get())));
    }

    /** Connect workers, schema registries: members without partitions. */
    private Group classic() throws Exception {
        ClassicGroupDescription group =
                only(admin.describeClassicGroups(List.of(name)).all().get());
        return new Group(
                name,
                GroupType.CLASSIC.toString(),
                group.protocol(),
                group.state().toString(),
                address(group.coordinator()),
                members(group.members()),
                List.of());
    }

    private Group streams() throws Exception {
        StreamsGroupDescription group =
                only(admin.describeStreamsGroups(List.of(name)).all().get());
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listStreamsGroupOffsets(
                        Map.of(name, new ListStreamsGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(name)
                .get();
        // Its members share tasks, each of which reads partitions of several topics: no partition has a member here.
        return new Group(
                name,
                GroupType.STREAMS.toString(),
                "streams",
                group.groupState().toString(),
                address(group.coordinator()),
                group.members().stream()
                        .map(member -> new Member(member.memberId(), member.clientId(), member.clientHost(), List.of()))
                        .toList(),
                progress(List.of(), offsets(committed)));
    }

    /** Several members may read one partition, and what is known of its progress is where the oldest unfinished record is. */
    private Group share() throws Exception {
        ShareGroupDescription group =
                only(admin.describeShareGroups(List.of(name)).all().get());
        List<Member> members = group.members().stream()
                .map(member -> new Member(
                        member.consumerId(),
                        member.clientId(),
                        member.host(),
                        member.assignment().topicPartitions()))
                .toList();
        Map<TopicPartition, SharePartitionOffsetInfo> started = admin.listShareGroupOffsets(
                        Map.of(name, new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo(name)
                .get();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        started.forEach((partition, info) -> {
            if (info != null) {
                offsets.put(partition, info.startOffset());
            }
        });
        return new Group(
                name,
                GroupType.SHARE.toString(),
                "share",
                group.groupState().toString(),
                address(group.coordinator()),
                members,
                progress(members, offsets));
    }

    private List<Progress> progress(List<Member> members, Map<TopicPartition, Long> offsets) throws Exception {
        Map<TopicPartition, String> readers = Group.readers(members);
        Set<TopicPartition> partitions = new HashSet<>(offsets.keySet());
        partitions.addAll(readers.keySet());
        Map<TopicPartition, Long> ends = ends(partitions);
        return partitions.stream()
                .map(partition -> Progress.of(
                        partition,
                        known(offsets, partition),
                        known(ends, partition),
                        readers.getOrDefault(partition, "")))
                .toList();
    }

    /** The ends of those partitions whose topic is still there. */
    private Map<TopicPartition, Long> ends(Set<TopicPartition> partitions) throws Exception {
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        List<TopicPartition> there = partitions.stream()
                .filter(partition -> topics.contains(partition.topic()))
                .toList();
        ListOffsetsResult answer = admin.listOffsets(
                there.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : there) {
            ends.put(partition, answer.partitionResult(partition).get().offset());
        }
        return ends;
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        committed.forEach((partition, commit) -> {
            if (commit != null) { // asked for, never committed
                offsets.put(partition, commit.offset());
            }
        });
        return offsets;
    }

    private static OptionalLong known(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        Long offset = offsets.get(partition);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    private static List<Member> members(Collection<MemberDescription> members) {
        List<Member> all = new ArrayList<>();
        for (MemberDescription member : members) {
            all.add(new Member(
                    member.consumerId(),
                    member.clientId(),
                    member.host(),
                    member.assignment().topicPartitions()));
        }
        return all;
    }

    /** The answer to a question about one thing. */
    private static <V> V only(Map<?, V> answer) {
        return answer.values().iterator().next();
    }

    private static String address(Node node) {
        return node.host() + ":" + node.port();
    }
}
