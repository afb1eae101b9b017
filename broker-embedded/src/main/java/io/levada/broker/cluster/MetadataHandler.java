/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.AuthorizedOperations;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.TopicCatalog;
import io.levada.broker.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;

/** Metadata: the node and the topics asked for, which are created on the way where client and broker allow it. */
public final class MetadataHandler implements ApiHandler<MetadataRequest> {
    private final Cluster cluster;
    private final Topics topics;
    private final boolean autoCreate;

    /**
     * The handler.
     *
     * @param autoCreate {@code auto.create.topics.enable}
     */
    public MetadataHandler(Cluster cluster, Topics topics, boolean autoCreate) {
        this.cluster = cluster;
        this.topics = topics;
        this.autoCreate = autoCreate;
    }

    @Override
    public CompletableFuture<MetadataResponse> handle(MetadataRequest request, Caller caller) {
        return described(request, caller).thenApply(described -> {
            Node node = cluster.node(caller.listener());
            MetadataResponseData answer =
                    new MetadataResponseData().setClusterId(cluster.id()).setControllerId(node.id());
            answer.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(node.id())
                            .setHost(node.host())
                            .setPort(node.port())
                            .setRack(node.rack()));
            if (request.data()
                    .includeClusterAuthorizedOperations()) { // up to version 10, then DescribeCluster tells it
                answer.setClusterAuthorizedOperations(AuthorizedOperations.ofCluster(caller));
            }
            boolean told = request.data().includeTopicAuthorizedOperations();
            for (MetadataResponseTopic topic : described) {
                boolean known = topic.errorCode() == Errors.NONE.code();
                answer.topics()
                        .add(
                                told && known
                                        ? topic.setTopicAuthorizedOperations(
                                                AuthorizedOperations.TOPIC.bits(caller, topic.name()))
                                        : topic);
            }
            return new MetadataResponse(answer, caller.apiVersion());
        });
    }

    private CompletableFuture<List<MetadataResponseTopic>> described(MetadataRequest request, Caller caller) {
        if (request.isAllTopics()) {
            return CompletableFuture.completedFuture(topics.catalog().all().stream()
                    .filter(topic -> caller.mayOnTopic(AclOperation.DESCRIBE, topic.name()))
                    .map(topic -> TopicMetadata.of(topic, topics))
                    .toList());
        }
        List<CompletableFuture<MetadataResponseTopic>> parts = new ArrayList<>();
        for (MetadataRequestTopic asked : request.data().topics()) {
            parts.add(described(asked, autoCreate && request.allowAutoTopicCreation(), caller));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(all -> parts.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<MetadataResponseTopic> described(
            MetadataRequestTopic asked, boolean create, Caller caller) {
        TopicCatalog catalog = topics.catalog();
        // A client that asks by id sends no name, or, as Kafka's own does, an empty one.
        if (!Uuid.ZERO_UUID.equals(asked.topicId()) || asked.name() == null) {
            // Ids are no secret, so that a refusal may tell that there is such a topic.
            return done(catalog.find(asked.topicId())
                    .map(topic -> caller.mayOnTopic(AclOperation.DESCRIBE, topic.name())
                            ? TopicMetadata.of(topic, topics)
                            : TopicMetadata.error(null, topic.id(), Errors.TOPIC_AUTHORIZATION_FAILED))
                    .orElseGet(() -> TopicMetadata.error(null, asked.topicId(), Errors.UNKNOWN_TOPIC_ID)));
        }
        String name = asked.name();
        if (!caller.mayOnTopic(AclOperation.DESCRIBE, name)) {
            return done(refused(name));
        }
        return catalog.find(name)
                .map(topic -> done(TopicMetadata.of(topic, topics)))
                .orElseGet(() -> create ? created(name, caller) : done(absent(name)));
    }

    private CompletableFuture<MetadataResponseTopic> created(String name, Caller caller) {
        if (!caller.mayOnCluster(AclOperation.CREATE) && !caller.mayOnTopic(AclOperation.CREATE, name)) {
            return done(refused(name));
        }
        return topics.findOrCreate(new NewTopic(name, NewTopic.DEFAULT, Map.of()))
                .handle((Topic topic, Throwable failure) -> failure == null
                        ? TopicMetadata.of(topic, topics)
                        : TopicMetadata.error(name, Uuid.ZERO_UUID, ErrorCodes.of(failure)));
    }

    private static MetadataResponseTopic refused(String name) {
        return TopicMetadata.error(name, Uuid.ZERO_UUID, Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    private static MetadataResponseTopic absent(String name) {
        try {
            org.apache.kafka.common.internals.Topic.validate(name);
        } catch (InvalidTopicException e) {
            return TopicMetadata.error(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION);
        }
        return TopicMetadata.error(name, Uuid.ZERO_UUID, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static CompletableFuture<MetadataResponseTopic> done(MetadataResponseTopic topic) {
        return CompletableFuture.completedFuture(topic);
    }
}
