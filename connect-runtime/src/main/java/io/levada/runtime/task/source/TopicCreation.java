/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.topics.TopicPresence;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the topics that a source connector writes to, by its {@code topic.creation.*} groups (KIP-158). Without them
 * it does nothing, and the broker creates topics if it does so by itself. Used by the task's thread, once per topic.
 */
public final class TopicCreation implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicCreation.class);

    private final List<TopicGroup> groups;
    private final Set<String> known = new HashSet<>();
    private final Map<String, Object> adminSettings;
    private @Nullable Admin admin;

    private TopicCreation(List<TopicGroup> groups, Map<String, Object> adminSettings) {
        this.groups = groups;
        this.adminSettings = adminSettings;
    }

    /** Creates nothing. */
    static TopicCreation none() {
        return new TopicCreation(List.of(), Map.of());
    }

    /** Reads the groups; an admin client is opened with the first topic that they take. */
    static TopicCreation open(TaskSpec spec, TaskServices services, Map<String, @Nullable String> config) {
        if (!services.worker().topicRules().creation() || !isWanted(config)) {
            return none();
        }
        return new TopicCreation(
                TopicGroup.of(config),
                services.clients()
                        .sourceAdmin(
                                "connector-adminclient-" + spec.id(), spec.id().connector(), config));
    }

    /**
     * Throws {@link ConfigException} that names the key if a source connector's config has {@code topic.creation.*} keys that make no
     * sense, or some without those of the default group.
     */
    public static void check(Map<String, @Nullable String> config) {
        if (isWanted(config)) {
            List<TopicGroup> unused = TopicGroup.of(config);
        }
    }

    /** What {@link #check} would throw, all of it, by its key: texts that name key and value. */
    public static Map<String, String> problems(Map<String, @Nullable String> config) {
        return isWanted(config) ? TopicGroup.problems(config) : Map.of();
    }

    /** Whether a source connector's config says anything of topics that are to be made for its records. */
    public static boolean isWanted(Map<String, @Nullable String> config) {
        return config.keySet().stream().anyMatch(key -> key.startsWith(TopicGroup.PREFIX));
    }

    /** Sees to it that a topic exists, if that is our business. */
    void ensure(String topic) {
        if (groups.isEmpty() || !known.add(topic)) {
            return;
        }
        TopicGroup group = groups.stream()
                .filter(candidate -> candidate.takes(topic))
                .findFirst()
                .orElseThrow();
        try {
            if (TopicPresence.ensure(admin(), group.create(topic)) == TopicPresence.CREATED) {
                LOGGER.atInfo().addKeyValue("topic", topic).log("topic created");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while creating topic " + topic, e);
        } catch (ExecutionException e) {
            known.remove(topic);
            String message =
                    "Cannot create topic " + topic + " with the connector's topic.creation.* settings: " + e.getCause();
            throw e.getCause() instanceof org.apache.kafka.common.errors.RetriableException
                    ? new RetriableException(message, e)
                    : new ConnectException(message, e);
        }
    }

    private Admin admin() {
        Admin open = admin;
        if (open == null) {
            open = Admin.create(adminSettings);
            admin = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(java.time.Duration.ofSeconds(1));
        }
    }
}
