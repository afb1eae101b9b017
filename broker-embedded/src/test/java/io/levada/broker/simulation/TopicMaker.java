/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.jspecify.annotations.Nullable;

/**
 * Makes a topic of its own, looks at it, deletes it, and makes it again. What was answered stays so; what was not answered came to pass whole or not at all.
 */
final class TopicMaker extends Client {
    private static final int CREATE_TOPICS = 7;
    private static final int DELETE_TOPICS = 6;
    private static final int METADATA = 13;
    private static final int LIST_OFFSETS = 10;
    private static final long PAUSE_MS_MAX = 150;
    private final String topic;
    private final int partitions;
    private Is is = Is.ABSENT;
    private @Nullable Uuid id;
    private boolean busy;
    private boolean lastLook;

    /** What it knows of its topic. */
    private enum Is {
        ABSENT,
        /** Asked for, and never answered. */
        PERHAPS_MADE,
        THERE,
        PERHAPS_DELETED
    }

    TopicMaker(World world, int number) {
        // A deletion that comes late would hit the topic's successor.
        super(world, "maker-" + number, false);
        this.topic = "made-by-" + number;
        this.partitions = 1 + number % 3;
    }

    @Override
    void begin() {
        next();
    }

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
            if (world().isSettling() || random().nextInt(3) == 0) {
                look();
            } else if (is == Is.ABSENT || is == Is.PERHAPS_MADE) {
                make();
            } else {
                delete();
            }
        });
    }

    private void make() {
        boolean mayBeThere = is == Is.PERHAPS_MADE;
        is = Is.PERHAPS_MADE;
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(
                new CreatableTopic().setName(topic).setNumPartitions(partitions).setReplicationFactor((short) 1));
        ask(
                new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(30_000),
                CREATE_TOPICS,
                CreateTopicsResponseData.class,
                answer -> {
                    CreatableTopicResult result = answer.topics().iterator().next();
                    Errors error = Errors.forCode(result.errorCode());
                    note("is told " + error + " about making " + topic);
                    if (error == Errors.NONE) {
                        is = Is.THERE;
                        id = result.topicId();
                    } else {
                        boolean isThere = error == Errors.TOPIC_ALREADY_EXISTS && mayBeThere;
                        Violation.unless(
                                isThere || isPassing(error), () -> name() + " cannot make " + topic + ": " + error);
                    }
                    next();
                },
                this::next);
    }

    private void delete() {
        boolean mayBeGone = is == Is.PERHAPS_DELETED;
        is = Is.PERHAPS_DELETED;
        ask(
                new DeleteTopicsRequestData()
                        .setTopics(List.of(new DeleteTopicState().setName(topic)))
                        .setTimeoutMs(30_000),
                DELETE_TOPICS,
                DeleteTopicsResponseData.class,
                answer -> {
                    Errors error =
                            Errors.forCode(answer.responses().iterator().next().errorCode());
                    note("is told " + error + " about deleting " + topic);
                    boolean isGone = error == Errors.UNKNOWN_TOPIC_OR_PARTITION && mayBeGone;
                    if (error == Errors.NONE || isGone) {
                        is = Is.ABSENT;
                        id = null;
                    } else {
                        Violation.unless(isPassing(error), () -> name() + " cannot delete " + topic + ": " + error);
                    }
                    next();
                },
                this::next);
    }

    private void look() {
        MetadataRequestData request = new MetadataRequestData()
                .setAllowAutoTopicCreation(false)
                .setTopics(List.of(new MetadataRequestTopic().setName(topic)));
        ask(
                request,
                METADATA,
                MetadataResponseData.class,
                answer -> {
                    MetadataResponseTopic found = answer.topics().iterator().next();
                    Errors error = Errors.forCode(found.errorCode());
                    note("looked for " + topic + ": " + error);
                    if (error == Errors.NONE) {
                        isThere(found);
                    } else {
                        isAbsent(error);
                    }
                },
                this::next);
    }

    private void isThere(MetadataResponseTopic found) {
        Violation.unless(is != Is.ABSENT, () -> topic + " is there though its deletion was answered");
        Violation.unless(
                id == null || id.equals(found.topicId()), () -> topic + " has another id than when it was made");
        Violation.unless(
                found.partitions().size() == partitions
                        && found.partitions().stream().allMatch(one -> one.errorCode() == Errors.NONE.code()),
                () -> topic + " has " + found.partitions().size() + " partitions, asked for were " + partitions);
        id = found.topicId();
        if (is == Is.PERHAPS_MADE) {
            is = Is.THERE;
        }
        askForOffsets(whole -> {
            lastLook = whole && world().isSettling();
            next();
        });
    }

    private void isAbsent(Errors error) {
        Violation.unless(
                error == Errors.UNKNOWN_TOPIC_OR_PARTITION && is != Is.THERE,
                () -> topic + " is gone though it was made and not deleted: " + error);
        is = Is.ABSENT;
        id = null;
        lastLook = world().isSettling();
        next();
    }

    /** A topic is whole when each of its partitions answers. */
    private void askForOffsets(Consumer<Boolean> then) {
        List<ListOffsetsPartition> asked = IntStream.range(0, partitions)
                .mapToObj(partition -> new ListOffsetsPartition()
                        .setPartitionIndex(partition)
                        .setTimestamp(ListOffsetsRequest.LATEST_TIMESTAMP))
                .toList();
        ask(
                new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(List.of(new ListOffsetsTopic().setName(topic).setPartitions(asked))),
                LIST_OFFSETS,
                ListOffsetsResponseData.class,
                answer -> {
                    answer.topics().get(0).partitions().forEach(one -> {
                        Errors error = Errors.forCode(one.errorCode());
                        // Its deletion may have come to pass between the two questions.
                        boolean fine = error == Errors.NONE || is == Is.PERHAPS_DELETED;
                        Violation.unless(
                                fine,
                                () -> topic + "-" + one.partitionIndex() + " is not there with its topic: " + error);
                        Violation.unless(
                                error != Errors.NONE || one.offset() == 0,
                                () -> topic + "-" + one.partitionIndex() + " is new and has records");
                    });
                    then.accept(true);
                },
                () -> then.accept(false));
    }
}
