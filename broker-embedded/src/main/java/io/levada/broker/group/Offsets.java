/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Committing, reading, removing and expiring offsets. Owned by the coordinator thread. */
final class Offsets {
    private static final short FIRST_WITH_GROUP_NOT_FOUND = 9;
    private final Groups groups;
    private final OffsetsTopic topic;
    private final Sessions sessions;
    private final GroupConfig config;
    private final InstantSource clock;

    Offsets(Groups groups, OffsetsTopic topic, Sessions sessions, GroupConfig config, InstantSource clock) {
        this.groups = groups;
        this.topic = topic;
        this.sessions = sessions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Who commits. Without member id and generation it is a client that assigns its own partitions, or an administrator.
     *
     * @param version of the request, by which errors differ
     */
    record Committer(
            String group, String memberId, @Nullable String instanceId, int generation, short version) {
        private boolean isMember() {
            return generation >= 0 || !memberId.isEmpty() || instanceId != null;
        }
    }

    /**
     * Stores offsets; the answer, one error per partition, is given once they are durable.
     *
     * @param asked what to store, with the metadata as sent
     */
    CompletableFuture<Map<TopicPartition, Errors>> commit(
            Committer committer, Map<TopicPartition, CommittedOffset> asked) {
        check(committer);
        Map<TopicPartition, Errors> answers = new HashMap<>();
        List<SimpleRecord> records = new ArrayList<>();
        Map<TopicPartition, CommittedOffset> accepted = new HashMap<>();
        asked.forEach((partition, offset) -> {
            if (offset.metadata().length() > config.offsetMetadataBytesMax()) {
                answers.put(partition, Errors.OFFSET_METADATA_TOO_LARGE);
            } else {
                answers.put(partition, Errors.NONE);
                accepted.put(partition, offset);
                records.add(GroupRecords.offset(committer.group(), partition, offset));
            }
        });
        CompletableFuture<Void> stored = topic.append(committer.group(), records);
        accepted.forEach((partition, offset) -> groups.offset(committer.group(), partition, offset));
        return stored.thenApply(done -> answers);
    }

    /** The offset of one partition, if the group has one. */
    Optional<CommittedOffset> find(String group, TopicPartition partition) {
        return groups.offset(group, partition);
    }

    Map<TopicPartition, CommittedOffset> all(String group) {
        return groups.offsets(group);
    }

    /** Completes once everything that {@link #find} and {@link #all} tell is durable. */
    CompletableFuture<Void> settled(String group) {
        return topic.exists() ? topic.settled(group) : CompletableFuture.completedFuture(null);
    }

    /** Removes offsets; completes once that is durable. */
    CompletableFuture<Void> remove(String group, List<TopicPartition> partitions) {
        List<SimpleRecord> records = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            if (groups.offset(group, partition).isPresent()) {
                records.add(GroupRecords.offsetRemoved(group, partition, clock.millis()));
                groups.offset(group, partition, null);
            }
        }
        return topic.append(group, records);
    }

    /** Removes a group with all it has; completes once that is durable. */
    CompletableFuture<Void> removeGroup(String group) {
        List<SimpleRecord> records = new ArrayList<>();
        groups.offsets(group)
                .keySet()
                .forEach(partition -> records.add(GroupRecords.offsetRemoved(group, partition, clock.millis())));
        records.add(GroupRecords.groupRemoved(group, clock.millis()));
        CompletableFuture<Void> stored = topic.append(group, records);
        groups.group(group, null);
        return stored;
    }

    /** Removes what all groups have in partitions of a topic that is gone. */
    List<CompletableFuture<Void>> removeTopic(String name) {
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (Group group : groups.all()) {
            List<TopicPartition> gone = groups.offsets(group.id()).keySet().stream()
                    .filter(partition -> partition.topic().equals(name))
                    .toList();
            if (!gone.isEmpty()) {
                removals.add(remove(group.id(), gone));
            }
        }
        return removals;
    }

    /** Removes the offsets that are older than their retention, of groups without members (KIP-211), and groups that are left with nothing. */
    List<CompletableFuture<Void>> expire() {
        long oldestMs = clock.millis() - config.offsetsRetention().toMillis();
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (Group group : groups.all()) {
            if (group.size() > 0) {
                continue;
            }
            Map<TopicPartition, CommittedOffset> offsets = groups.offsets(group.id());
            List<TopicPartition> old = offsets.entrySet().stream()
                    .filter(entry -> Math.max(entry.getValue().commitTimeMs(), group.stateSinceMs()) < oldestMs)
                    .map(Map.Entry::getKey)
                    .toList();
            if (old.size() < offsets.size()) {
                removals.add(remove(group.id(), old));
            } else if (group.generation() == 0 && offsets.isEmpty()) {
                groups.forget(group);
            } else if (group.stateSinceMs() < oldestMs) {
                removals.add(removeGroup(group.id()));
            }
        }
        return removals;
    }

    private void check(Committer committer) {
        Group group = groups.find(committer.group()).orElse(null);
        if (group == null) {
            if (committer.generation() >= 0) {
                throw committer.version() >= FIRST_WITH_GROUP_NOT_FOUND
                        ? new GroupIdNotFoundException("there is no group '" + committer.group() + "'")
                        : new IllegalGenerationException("there is no group '" + committer.group() + "'");
            }
            return;
        }
        if (committer.generation() < 0 && group.is(GroupState.EMPTY)) {
            return;
        }
        if (!committer.isMember()) {
            throw new UnknownMemberIdException(
                    "group '" + group.id() + "' has members, only they can commit; stop them, or use another group id");
        }
        Member member = group.validMember(committer.memberId(), committer.instanceId());
        group.checkGeneration(committer.generation());
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            throw new RebalanceInProgressException("group '" + group.id() + "' rebalances");
        }
        sessions.restart(group, member);
    }
}
