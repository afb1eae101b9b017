/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.coordinator.Decision;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.InvalidCommitOffsetSizeException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** The rules of committing and removing offsets. Owned by the coordinator thread. */
final class Offsets {
    private static final short FIRST_WITH_GROUP_NOT_FOUND = 9;
    private final Groups groups;
    private final CommittedOffsets committed;
    private final Sessions sessions;
    private final GroupConfig config;
    private final InstantSource clock;

    Offsets(Groups groups, CommittedOffsets committed, Sessions sessions, GroupConfig config, InstantSource clock) {
        this.groups = groups;
        this.committed = committed;
        this.sessions = sessions;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Who commits. Without member id and generation it is a client that assigns its own partitions, or an administrator.
     *
     * @param transaction the producer whose transaction the offsets are part of, or null
     * @param version of an OffsetCommit request, by which errors differ
     */
    record Committer(
            String group,
            String memberId,
            @Nullable String instanceId,
            int generation,
            Decision.@Nullable Producer transaction,
            short version) {
        private boolean isMember() {
            return generation >= 0 || !memberId.isEmpty() || instanceId != null;
        }
    }

    /**
     * Stores offsets, or keeps them aside until their transaction ends; the answer is one error per partition.
     *
     * @param asked what to store, with the metadata as sent
     */
    Decision<Map<TopicPartition, Errors>> commit(Committer committer, Map<TopicPartition, CommittedOffset> asked) {
        check(committer);
        Map<TopicPartition, Errors> answers = new HashMap<>();
        List<SimpleRecord> records = new ArrayList<>();
        asked.forEach((partition, offset) -> {
            if (offset.metadata().length() > config.offsetMetadataBytesMax()) {
                answers.put(partition, Errors.OFFSET_METADATA_TOO_LARGE);
            } else {
                answers.put(partition, Errors.NONE);
                records.add(GroupRecords.offset(committer.group(), partition, offset));
            }
        });
        Decision<Map<TopicPartition, Errors>> decision = Decision.of(records, answers);
        return committer.transaction() == null ? decision : decision.inTransactionOf(committer.transaction());
    }

    /** How a client is told that offsets could not be stored. */
    static ApiException forClients(Throwable failure) {
        ApiException known = ErrorCodes.asApiException(failure);
        return known instanceof RecordTooLargeException || known instanceof RecordBatchTooLargeException
                ? new InvalidCommitOffsetSizeException(known.getMessage(), known)
                : known;
    }

    CommittedOffsets committed() {
        return committed;
    }

    /** The records that remove offsets, also those that transactions have not yet put in place. */
    List<SimpleRecord> removals(String group, Collection<TopicPartition> partitions) {
        List<SimpleRecord> records = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            if (committed.find(group, partition).isPresent() || committed.isPending(group, partition)) {
                records.add(GroupRecords.offsetRemoved(group, partition, clock.millis()));
            }
        }
        return records;
    }

    /** The records that remove a group with all it has. */
    List<SimpleRecord> removals(String group) {
        List<SimpleRecord> records = new ArrayList<>(removals(group, partitions(group)));
        records.add(GroupRecords.groupRemoved(group, clock.millis()));
        return records;
    }

    /**
     * What removes all that groups have in the partitions of topics that are gone.
     *
     * @param gone whether the topic of that name is
     */
    Map<String, Decision<Boolean>> removeTopics(Predicate<String> gone) {
        Map<String, Decision<Boolean>> removals = new HashMap<>();
        for (Group group : groups.all()) {
            List<TopicPartition> removed = partitions(group.id()).stream()
                    .filter(partition -> gone.test(partition.topic()))
                    .toList();
            if (!removed.isEmpty()) {
                removals.put(group.id(), Decision.of(removals(group.id(), removed), true));
            }
        }
        return removals;
    }

    private Collection<TopicPartition> partitions(String group) {
        Set<TopicPartition> all = new HashSet<>(committed.of(group).keySet());
        all.addAll(committed.pending(group));
        return all;
    }

    private void check(Committer committer) {
        boolean transactional = committer.transaction() != null;
        Group group = groups.find(committer.group()).orElse(null);
        if (group == null) {
            if (committer.generation() >= 0) {
                String absent = "there is no group '" + committer.group() + "'";
                throw !transactional && committer.version() >= FIRST_WITH_GROUP_NOT_FOUND
                        ? new GroupIdNotFoundException(absent)
                        : new IllegalGenerationException(absent);
            }
            return;
        }
        if (committer.generation() < 0 && group.is(GroupState.EMPTY)) {
            return;
        }
        if (committer.isMember()) {
            checkMember(group, committer);
        } else if (!transactional) {
            throw new UnknownMemberIdException(
                    "group '" + group.id() + "' has members, only they can commit; stop them, or use another group id");
        }
    }

    private void checkMember(Group group, Committer committer) {
        Member member = group.validMember(committer.memberId(), committer.instanceId());
        group.checkGeneration(committer.generation());
        if (committer.transaction() != null) {
            return;
        }
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            throw new RebalanceInProgressException("group '" + group.id() + "' rebalances");
        }
        sessions.restart(group, member);
    }
}
