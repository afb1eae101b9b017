/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A member of a group of the classic protocol: joins, is assigned partitions by whoever leads, says that it lives, commits for what it owns, and joins again when it is
 * told to. Every assignment names its round, so that one that reaches the wrong member or generation is seen.
 */
final class GroupMember extends Client {
    private static final int JOIN = 9;
    private static final int SYNC = 5;
    private static final int HEARTBEAT = 4;
    private static final int OFFSET_COMMIT = 10;
    private static final int SESSION_MS = 1_000;
    private static final int REBALANCE_MS = 1_500;
    private static final long PAUSE_MS_MAX = 100;
    private static final String GROUP = "members";
    private final KnownTopic topic;
    private final GroupLedger ledger;
    private String id = "";
    private int generation = -1;
    private List<Integer> owned = List.of();
    private boolean finished;

    GroupMember(World world, int number, KnownTopic topic) {
        super(world, "member-" + number, false);
        this.topic = topic;
        this.ledger = world.ledger().group();
    }

    @Override
    void begin() {
        findCoordinator(0, GROUP, PAUSE_MS_MAX, this::join);
    }

    /** Got a commit through after nothing went wrong any more. */
    @Override
    boolean isDone() {
        return finished;
    }

    private void join() {
        JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
        protocols.add(new JoinGroupRequestProtocol().setName("turns").setMetadata(new byte[] {1}));
        ask(
                new JoinGroupRequestData()
                        .setGroupId(GROUP)
                        .setMemberId(id)
                        .setProtocolType("consumer")
                        .setSessionTimeoutMs(SESSION_MS)
                        .setRebalanceTimeoutMs(REBALANCE_MS)
                        .setProtocols(protocols),
                JOIN,
                JoinGroupResponseData.class,
                this::joined,
                () -> pause(PAUSE_MS_MAX, this::join));
    }

    private void joined(JoinGroupResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        note("joined: " + error + ", generation " + answer.generationId());
        if (error == Errors.MEMBER_ID_REQUIRED) {
            id = answer.memberId();
            join();
        } else if (error == Errors.NONE) {
            id = answer.memberId();
            generation = answer.generationId();
            sync(answer.leader().equals(id) ? assignments(answer.members()) : List.of());
        } else {
            joinAgainAfter(error);
        }
    }

    /** As leader: each partition to the next member, and to all of them the round. */
    private List<SyncGroupRequestAssignment> assignments(List<JoinGroupResponseMember> members) {
        List<StringBuilder> shares = new ArrayList<>();
        String round = ledger.nextRound(generation);
        members.forEach(member -> shares.add(new StringBuilder(round)));
        for (int partition = 0; partition < topic.partitions(); partition++) {
            shares.get(partition % members.size()).append(' ').append(partition);
        }
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            String share = shares.get(i).toString();
            ledger.assigned(members.get(i).memberId(), round, share);
            assignments.add(new SyncGroupRequestAssignment()
                    .setMemberId(members.get(i).memberId())
                    .setAssignment(share.getBytes(StandardCharsets.UTF_8)));
        }
        return assignments;
    }

    private void sync(List<SyncGroupRequestAssignment> assignments) {
        int ofGeneration = generation;
        ask(
                new SyncGroupRequestData()
                        .setGroupId(GROUP)
                        .setGenerationId(ofGeneration)
                        .setMemberId(id)
                        .setProtocolType("consumer")
                        .setProtocolName("turns")
                        .setAssignments(assignments),
                SYNC,
                SyncGroupResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    note("synced: " + error + ", generation " + ofGeneration);
                    if (error == Errors.NONE) {
                        owned = ledger.received(
                                id, ofGeneration, new String(answer.assignment(), StandardCharsets.UTF_8));
                        live();
                    } else {
                        joinAgainAfter(error);
                    }
                },
                () -> pause(PAUSE_MS_MAX, this::join));
    }

    private void live() {
        pause(PAUSE_MS_MAX, () -> {
            if (finished) {
                return;
            }
            if (owned.isEmpty() || random().nextInt(3) == 0) {
                heartbeat();
            } else {
                commit(owned.get(random().nextInt(owned.size())));
            }
        });
    }

    private void heartbeat() {
        ask(
                new HeartbeatRequestData().setGroupId(GROUP).setMemberId(id).setGenerationId(generation),
                HEARTBEAT,
                HeartbeatResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    if (error == Errors.NONE) {
                        // Who owns nothing has nothing to commit.
                        finished = world().isSettling() && owned.isEmpty();
                        live();
                    } else {
                        joinAgainAfter(error);
                    }
                },
                this::live);
    }

    private void commit(int partition) {
        int atLeast = ledger.committedBy(partition);
        int ofGeneration = generation;
        boolean isLast = world().isSettling();
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(GROUP)
                .setGenerationIdOrMemberEpoch(generation)
                .setMemberId(id)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setTopicId(topic.id())
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(ofGeneration)))));
        ask(
                request,
                OFFSET_COMMIT,
                OffsetCommitResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(
                            answer.topics().get(0).partitions().get(0).errorCode());
                    note("is told " + error + " about partition " + partition + " in generation " + ofGeneration);
                    if (error == Errors.NONE) {
                        ledger.committed(partition, ofGeneration, atLeast);
                        finished = isLast;
                        live();
                    } else {
                        joinAgainAfter(error);
                    }
                },
                this::live);
    }

    private void joinAgainAfter(Errors error) {
        boolean goesOn = error == Errors.REBALANCE_IN_PROGRESS || error == Errors.ILLEGAL_GENERATION;
        Violation.unless(
                goesOn || error == Errors.UNKNOWN_MEMBER_ID || isPassing(error), () -> name() + " is told " + error);
        if (error == Errors.UNKNOWN_MEMBER_ID) {
            id = "";
        }
        owned = List.of();
        pause(PAUSE_MS_MAX, this::join);
    }
}
