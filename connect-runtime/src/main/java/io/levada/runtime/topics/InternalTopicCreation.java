/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import io.levada.runtime.config.InternalTopic;
import io.levada.runtime.config.WorkerConfig.InternalTopics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the three internal topics, and those in which connectors keep their own offsets, exist and are fit for their purpose:
 * compacted, and the config topic with one partition, because its order is its meaning. All are asked for in one request. Blocks.
 */
public final class InternalTopicCreation {
    private static final Logger LOGGER = LoggerFactory.getLogger(InternalTopicCreation.class);

    private final Admin admin;

    public InternalTopicCreation(Admin admin) {
        this.admin = admin;
    }

    /**
     * Creates what is missing and checks what is there.
     *
     * @throws ConfigException if a topic that is there would lose state
     * @throws ConnectException if a topic cannot be made
     */
    public void ensure(InternalTopics topics) {
        ensure(
                List.of(topics.configs(), topics.offsets(), topics.statuses()),
                topics.configs().name());
    }

    /** The same for a topic in which one connector keeps its offsets. */
    public void ensureOffsets(InternalTopic topic) {
        ensure(List.of(topic), null);
    }

    private void ensure(List<InternalTopic> all, @Nullable String configTopic) {
        CreateTopicsResult created = admin.createTopics(
                all.stream().map(InternalTopicCreation::toCreate).toList());
        List<InternalTopic> existing = new ArrayList<>();
        for (InternalTopic topic : all) {
            if (isNew(topic, Objects.requireNonNull(created.values().get(topic.name())))) {
                LOGGER.atInfo().addKeyValue("topic", topic.name()).log("internal topic created");
            } else {
                existing.add(topic);
            }
        }
        if (!existing.isEmpty()) {
            check(existing, configTopic);
        }
    }

    private static NewTopic toCreate(InternalTopic topic) {
        Map<String, String> settings = new HashMap<>(topic.settings());
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        return new NewTopic(
                        topic.name(),
                        topic.partitions() < 0 ? Optional.empty() : Optional.of(topic.partitions()),
                        topic.replicationFactor() < 0 ? Optional.empty() : Optional.of(topic.replicationFactor()))
                .configs(settings);
    }

    private static boolean isNew(InternalTopic topic, KafkaFuture<Void> created) {
        try {
            await(created, "create the internal topic " + topic.name());
            return true;
        } catch (TopicExistsException ignored) {
            return false; // Made by an earlier start or another worker; it is checked instead.
        }
    }

    private void check(List<InternalTopic> existing, @Nullable String configTopic) {
        List<String> names = existing.stream().map(InternalTopic::name).toList();
        var described = admin.describeTopics(names).allTopicNames();
        var settings = admin.describeConfigs(
                        names.stream().map(InternalTopicCreation::resource).toList())
                .all();
        if (configTopic != null && names.contains(configTopic)) {
            TopicDescription configs =
                    await(described, "describe the internal topics").get(configTopic);
            if (configs != null && configs.partitions().size() != 1) {
                throw new ConfigException(
                        "Topic " + configTopic + " has " + configs.partitions().size()
                                + " partitions, but configs need exactly one to keep their order."
                                + " Create it with one, or name another with config.storage.topic");
            }
        }
        await(settings, "read the settings of the internal topics").forEach((resource, config) -> {
            String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
            if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
                throw new ConfigException("Topic " + resource.name() + " has cleanup.policy=" + policy
                        + " and would lose the state that is kept there. Set it to compact, or name another topic");
            }
        });
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T await(KafkaFuture<T> asked, String what) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while trying to " + what, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException exists) {
                throw exists;
            }
            throw new ConnectException("Cannot " + what + ": " + String.valueOf(e.getCause()), e);
        }
    }
}
