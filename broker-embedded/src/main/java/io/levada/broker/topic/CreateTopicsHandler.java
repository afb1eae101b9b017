/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import io.levada.broker.api.ErrorCodes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;

/** CreateTopics: each topic of the request succeeds or fails on its own. */
public final class CreateTopicsHandler implements ApiHandler<CreateTopicsRequest> {
    private static final int REPLICAS_BY_DEFAULT = -1;
    private final Topics topics;
    private final TopicSettings settings;
    private final Placement placement;

    /**
     * The handler.
     *
     * @param brokerId the id of this broker, the only one that replicas can be placed on
     */
    public CreateTopicsHandler(Topics topics, BrokerSettings broker, int brokerId) {
        this.topics = topics;
        this.placement = new Placement(brokerId);
        this.settings = new TopicSettings(broker);
    }

    @Override
    public CompletableFuture<CreateTopicsResponse> handle(CreateTopicsRequest request, Caller caller) {
        Set<String> twice = namedTwice(request);
        boolean validateOnly = request.data().validateOnly();
        List<CompletableFuture<CreatableTopicResult>> results = request.data().topics().stream()
                .map(wanted -> create(wanted, twice.contains(wanted.name()), validateOnly, caller))
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    CreateTopicsResponseData answer = new CreateTopicsResponseData();
                    results.forEach(result -> answer.topics().add(result.join()));
                    return new CreateTopicsResponse(answer);
                });
    }

    private static Set<String> namedTwice(CreateTopicsRequest request) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (CreatableTopic topic : request.data().topics()) {
            if (!seen.add(topic.name())) {
                twice.add(topic.name());
            }
        }
        return twice;
    }

    private CompletableFuture<CreatableTopicResult> create(
            CreatableTopic wanted, boolean twice, boolean validateOnly, Caller caller) {
        CreatableTopicResult result = new CreatableTopicResult().setName(wanted.name());
        return start(wanted, twice, validateOnly, caller).handle((topic, failure) -> {
            if (failure != null) {
                ApiError error = ErrorCodes.describe(failure);
                return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
            }
            if (!caller.mayOnTopic(AclOperation.DESCRIBE_CONFIGS, topic.name())) {
                // Who made a topic may still not be allowed to read how it is set (KIP-525).
                return result.setTopicId(idOf(topic, validateOnly))
                        .setTopicConfigErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code());
            }
            return result.setTopicId(idOf(topic, validateOnly))
                    .setNumPartitions(topic.partitions())
                    .setReplicationFactor((short) 1)
                    .setConfigs(configsOf(topic));
        });
    }

    private static Uuid idOf(Topic topic, boolean validateOnly) {
        return validateOnly ? Uuid.ZERO_UUID : topic.id();
    }

    private CompletableFuture<Topic> start(CreatableTopic wanted, boolean twice, boolean validateOnly, Caller caller) {
        try {
            if (!caller.mayOnCluster(AclOperation.CREATE)) {
                caller.requireOnTopic(AclOperation.CREATE, wanted.name());
            }
            requireNew(wanted.name());
            return topics.create(checked(wanted, twice), validateOnly);
        } catch (org.apache.kafka.common.errors.ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Before anything else is looked at: who asks for a topic that is there wants to hear just that, whatever else he asked for. */
    private void requireNew(String name) {
        if (topics.catalog().find(name).isPresent()) {
            throw new TopicExistsException("Topic '" + name + "' already exists.");
        }
    }

    private NewTopic checked(CreatableTopic wanted, boolean twice) {
        if (twice) {
            throw new InvalidRequestException("topic '" + wanted.name() + "' stands more than once in the request");
        }
        int partitions = wanted.assignments().isEmpty() ? wanted.numPartitions() : placed(wanted);
        if (wanted.replicationFactor() != REPLICAS_BY_DEFAULT && wanted.replicationFactor() != 1) {
            throw new InvalidReplicationFactorException("replication factor " + wanted.replicationFactor()
                    + " cannot be reached by a cluster of one broker; use 1, or -1 for the default");
        }
        Map<String, String> configs = new HashMap<>();
        for (CreatableTopicConfig config : wanted.configs()) {
            if (config.value() != null) {
                configs.put(config.name(), config.value());
            }
        }
        return new NewTopic(wanted.name(), partitions, configs);
    }

    /** The number of partitions that are placed one by one. */
    private int placed(CreatableTopic wanted) {
        if (wanted.numPartitions() != NewTopic.DEFAULT || wanted.replicationFactor() != REPLICAS_BY_DEFAULT) {
            throw new InvalidRequestException("topic '" + wanted.name() + "' has its replicas placed, and a number of"
                    + " partitions or a replication factor beside: give one of the two");
        }
        int count = wanted.assignments().size();
        for (CreatableReplicaAssignment assignment : wanted.assignments()) {
            if (assignment.partitionIndex() < 0 || assignment.partitionIndex() >= count) {
                throw new InvalidReplicaAssignmentException("the " + count + " partitions of topic '" + wanted.name()
                        + "' are numbered from 0 without a gap, and " + assignment.partitionIndex() + " is among them");
            }
            placement.check(assignment.partitionIndex(), assignment.brokerIds());
        }
        return count;
    }

    private List<CreatableTopicConfigs> configsOf(Topic topic) {
        return settings.of(topic).stream()
                .map(setting -> new CreatableTopicConfigs()
                        .setName(setting.name())
                        .setValue(setting.value())
                        .setConfigSource(setting.source().id())
                        .setReadOnly(false)
                        .setIsSensitive(false))
                .toList();
    }
}
