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
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
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
            KafkaFuture<Void> creation = Objects.requireNonNull(created.values().get(topic.name()));
            switch (presence(topic, creation)) {
                case CREATED ->
                    LOGGER.atInfo().addKeyValue("topic", topic.name()).log("internal topic created");
                case FOUND -> existing.add(topic); // Made by an earlier start or another worker: checked below.
                case ASSUMED -> {} // Told already; what cannot be looked at cannot be checked.
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

    private TopicPresence presence(InternalTopic topic, KafkaFuture<Void> creation) {
        try {
            return TopicPresence.after(admin, topic.name(), creation);
        } catch (InterruptedException e) {
            throw interrupted("create the internal topic " + topic.name(), e);
        } catch (ExecutionException e) {
            throw failed("create the internal topic " + topic.name(), e);
        }
    }

    private void check(List<InternalTopic> existing, @Nullable String configTopic) {
        List<String> names = existing.stream().map(InternalTopic::name).toList();
        var described = admin.describeTopics(names).allTopicNames();
        var settings = admin.describeConfigs(
                        names.stream().map(InternalTopicCreation::resource).toList())
                .values();
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
        settings.forEach((topic, config) -> checkCompacted(topic.name(), config));
    }

    private static void checkCompacted(String topic, KafkaFuture<Config> settings) {
        try {
            String policy =
                    settings.get().get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
            if (!TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy)) {
                throw new ConfigException("Topic " + topic + " has cleanup.policy=" + policy
                        + " and would lose the state that is kept there. Set it to compact, or name another topic");
            }
        } catch (InterruptedException e) {
            throw interrupted("read the settings of the internal topic " + topic, e);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw failed("read the settings of the internal topic " + topic, e);
            }
            LOGGER.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("right", "DescribeConfigs")
                    .log(
                            "the settings of an internal topic may not be looked at; if its cleanup.policy is not compact, state will be lost");
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static <T> T await(KafkaFuture<T> asked, String what) {
        try {
            return asked.get();
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        } catch (ExecutionException e) {
            throw failed(what, e);
        }
    }

    private static ConnectException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ConnectException("Interrupted while trying to " + what, e);
    }

    private static ConnectException failed(String what, ExecutionException e) {
        return new ConnectException("Cannot " + what + ": " + String.valueOf(e.getCause()), e);
    }
}
