/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.AuthorizedOperations;
import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.MetadataResponse;

/** DescribeTopicPartitions: topics in the order of their names, a page at a time (KIP-966). */
public final class DescribeTopicPartitionsHandler implements ApiHandler<DescribeTopicPartitionsRequest> {
    private static final int PAGE_PARTITIONS_MAX = 2000;
    private static final List<Integer> THE_NODE = List.of(Cluster.NODE_ID);
    private final Topics topics;

    public DescribeTopicPartitionsHandler(Topics topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<DescribeTopicPartitionsResponse> handle(
            DescribeTopicPartitionsRequest request, Caller caller) {
        DescribeTopicPartitionsRequestData asked = request.data();
        if (asked.cursor() != null && asked.cursor().partitionIndex() < 0) {
            throw new InvalidRequestException("a cursor cannot stand before the first partition");
        }
        Page page = new Page(caller, Math.max(1, Math.min(PAGE_PARTITIONS_MAX, asked.responsePartitionLimit())));
        names(asked, caller).forEach(name -> page.add(name, firstPartition(asked, name)));
        return CompletableFuture.completedFuture(new DescribeTopicPartitionsResponse(page.answer));
    }

    private Stream<String> names(DescribeTopicPartitionsRequestData asked, Caller caller) {
        Stream<String> names = asked.topics().isEmpty()
                ? topics.catalog().all().stream()
                        .map(Topic::name)
                        .filter(name -> caller.mayOnTopic(AclOperation.DESCRIBE, name))
                : asked.topics().stream().map(TopicRequest::name).distinct().sorted();
        return asked.cursor() == null
                ? names
                : names.filter(name -> name.compareTo(asked.cursor().topicName()) >= 0);
    }

    private static int firstPartition(DescribeTopicPartitionsRequestData asked, String name) {
        boolean continued = asked.cursor() != null && asked.cursor().topicName().equals(name);
        return continued ? asked.cursor().partitionIndex() : 0;
    }

    private final class Page {
        private final DescribeTopicPartitionsResponseData answer = new DescribeTopicPartitionsResponseData();
        private final Caller caller;
        private int room;

        private Page(Caller caller, int room) {
            this.caller = caller;
            this.room = room;
        }

        private void add(String name, int from) {
            if (answer.nextCursor() != null) {
                return;
            }
            if (room == 0) {
                answer.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(from));
                return;
            }
            DescribeTopicPartitionsResponseTopic described = new DescribeTopicPartitionsResponseTopic().setName(name);
            answer.topics().add(described);
            if (!caller.mayOnTopic(AclOperation.DESCRIBE, name)) {
                described.setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
                return;
            }
            Optional<Topic> topic = topics.catalog().find(name);
            topic.ifPresentOrElse(
                    found -> fill(described, found, from),
                    () -> described.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
        }

        private void fill(DescribeTopicPartitionsResponseTopic described, Topic topic, int from) {
            described
                    .setTopicId(topic.id())
                    .setIsInternal(topic.isInternal())
                    .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC.bits(caller, topic.name()));
            for (int partition = from; partition < topic.partitions(); partition++) {
                if (room == 0) {
                    answer.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(partition));
                    return;
                }
                room--;
                boolean offline = topics.offline(new TopicPartition(topic.name(), partition))
                        .isPresent();
                described
                        .partitions()
                        .add(new DescribeTopicPartitionsResponsePartition()
                                .setPartitionIndex(partition)
                                .setErrorCode((offline ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE).code())
                                .setLeaderId(offline ? MetadataResponse.NO_LEADER_ID : Cluster.NODE_ID)
                                .setLeaderEpoch(topics.leaderEpoch(topic, partition))
                                .setReplicaNodes(THE_NODE)
                                .setIsrNodes(THE_NODE)
                                .setEligibleLeaderReplicas(List.of())
                                .setLastKnownElr(List.of())
                                .setOfflineReplicas(offline ? THE_NODE : List.of()));
            }
        }
    }
}
