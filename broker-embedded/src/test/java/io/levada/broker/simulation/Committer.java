/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;

/**
 * Commits offsets that only grow for a group of its own, without membership, and reads them back. What it sent on a connection that was cut must not arrive
 * later: an older commit would then rightly replace a newer one.
 */
final class Committer extends Client {
    private static final int OFFSET_COMMIT = 10;
    private static final int OFFSET_FETCH = 10;
    private static final long PAUSE_MS_MAX = 50;
    private final KnownTopic topic;
    private final String group;
    private long committed;
    private boolean busy;
    private boolean lastCommit;
    private boolean lastLook;

    Committer(World world, int number, KnownTopic topic) {
        super(world, "committer-" + number, false);
        this.topic = topic;
        this.group = "group-" + number;
    }

    /** Looks for the coordinator, which makes the topic of offsets. */
    @Override
    void begin() {
        findCoordinator(0, group, PAUSE_MS_MAX, this::next);
    }

    /** It must get a commit through when nothing goes wrong any more, and see it. */
    @Override
    boolean isDone() {
        return lastLook && !busy;
    }

    private void next() {
        busy = false;
        pause(PAUSE_MS_MAX, () -> {
            if (lastLook) {
                return;
            }
            busy = true;
            if (lastCommit || random().nextInt(3) == 0) {
                look(lastCommit);
            } else {
                committed++;
                commit(random().nextInt(topic.partitions()));
            }
        });
    }

    private void commit(int partition) {
        long offset = committed;
        boolean isLast = world().isSettling();
        OffsetLedger ledger = ledger(partition);
        ledger.sent(offset);
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setGenerationIdOrMemberEpoch(-1)
                .setMemberId("")
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setTopicId(topic.id())
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)))));
        ask(
                request,
                OFFSET_COMMIT,
                OffsetCommitResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(
                            answer.topics().get(0).partitions().get(0).errorCode());
                    note("is told " + error + " about offset " + offset + " of partition " + partition);
                    if (error == Errors.NONE) {
                        ledger.acknowledged(offset);
                        lastCommit |= isLast;
                    } else {
                        Violation.unless(isPassing(error), () -> name() + " cannot commit: " + error);
                    }
                    next();
                },
                this::next);
    }

    /** Asks for all of its offsets. */
    private void look(boolean isLast) {
        long[] atLeast = new long[topic.partitions()];
        for (int partition = 0; partition < atLeast.length; partition++) {
            atLeast[partition] = ledger(partition).known();
        }
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setTopicId(topic.id())
                                .setPartitionIndexes(IntStream.range(0, atLeast.length)
                                        .boxed()
                                        .toList())))));
        ask(
                request,
                OFFSET_FETCH,
                OffsetFetchResponseData.class,
                answer -> {
                    lastLook = looked(answer.groups().get(0), atLeast) && isLast;
                    next();
                },
                this::next);
    }

    private boolean looked(OffsetFetchResponseGroup answer, long[] atLeast) {
        Errors error = Errors.forCode(answer.errorCode());
        if (error != Errors.NONE) {
            Violation.unless(isPassing(error), () -> name() + " cannot read its offsets: " + error);
            return false;
        }
        for (OffsetFetchResponsePartitions found : answer.topics().get(0).partitions()) {
            Errors partitionError = Errors.forCode(found.errorCode());
            if (partitionError != Errors.NONE) {
                Violation.unless(isPassing(partitionError), () -> name() + " cannot read an offset: " + partitionError);
                return false;
            }
            ledger(found.partitionIndex()).read(found.committedOffset(), atLeast[found.partitionIndex()]);
        }
        return true;
    }

    private OffsetLedger ledger(int partition) {
        return world().ledger().offset(group, topic.name() + "-" + partition);
    }
}
