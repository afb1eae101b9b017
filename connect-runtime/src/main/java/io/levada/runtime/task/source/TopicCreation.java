/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TopicExistsException;
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
    private static final String PREFIX = "topic.creation.";
    private static final String DEFAULT = "default";

    private final List<Group> groups;
    private final Set<String> known = new HashSet<>();
    private final Map<String, Object> adminSettings;
    private @Nullable Admin admin;

    private TopicCreation(List<Group> groups, Map<String, Object> adminSettings) {
        this.groups = groups;
        this.adminSettings = adminSettings;
    }

    /** A group of topics and what they are created with. */
    record Group(
            List<Pattern> include,
            List<Pattern> exclude,
            int partitions,
            short replication,
            Map<String, String> settings) {
        boolean takes(String topic) {
            return include.stream().anyMatch(pattern -> pattern.matcher(topic).matches())
                    && exclude.stream()
                            .noneMatch(pattern -> pattern.matcher(topic).matches());
        }

        NewTopic create(String topic) {
            return new NewTopic(
                            topic,
                            partitions < 0 ? Optional.empty() : Optional.of(partitions),
                            replication < 0 ? Optional.empty() : Optional.of(replication))
                    .configs(settings);
        }
    }

    /** Reads the groups; an admin client is opened with the first topic that they take. */
    static TopicCreation open(TaskSpec spec, TaskServices services, Map<String, @Nullable String> config) {
        if (!services.worker().topicRules().creation() || !isWanted(config)) {
            return new TopicCreation(List.of(), Map.of());
        }
        return new TopicCreation(
                groups(config),
                services.clients()
                        .connectorAdmin(
                                "connector-adminclient-" + spec.id(), spec.id().connector(), config));
    }

    /**
     * Throws {@link ConfigException} that names the key if a source connector's config has {@code topic.creation.*} keys that make no
     * sense, or some without those of the default group.
     */
    public static void check(Map<String, @Nullable String> config) {
        if (isWanted(config)) {
            groups(config);
        }
    }

    private static boolean isWanted(Map<String, @Nullable String> config) {
        return config.keySet().stream().anyMatch(key -> key.startsWith(PREFIX));
    }

    static List<Group> groups(Map<String, @Nullable String> config) {
        Map<String, Group> groups = new LinkedHashMap<>();
        Group fallback = group(config, DEFAULT, null);
        for (String name : list(config.get(PREFIX + "groups"))) {
            groups.put(name, group(config, name, fallback));
        }
        groups.remove(DEFAULT);
        groups.put(DEFAULT, fallback);
        return List.copyOf(groups.values());
    }

    private static Group group(Map<String, @Nullable String> config, String name, @Nullable Group fallback) {
        String prefix = PREFIX + name + ".";
        Map<String, String> settings = new HashMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(prefix) && value != null) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        String include = settings.remove("include");
        String exclude = settings.remove("exclude");
        int replication = number(
                prefix + "replication.factor",
                settings.remove("replication.factor"),
                fallback == null ? null : (int) fallback.replication);
        int partitions = number(
                prefix + "partitions", settings.remove("partitions"), fallback == null ? null : fallback.partitions);
        return new Group(
                fallback == null ? patterns(prefix, ".*") : patterns(prefix + "include", include),
                fallback == null ? List.of() : patterns(prefix + "exclude", exclude),
                partitions,
                (short) replication,
                settings);
    }

    private static int number(String key, @Nullable String value, @Nullable Integer fallback) {
        if (value == null) {
            if (fallback == null) {
                throw new ConfigException("Missing required configuration \"" + key + "\" which has no default value.");
            }
            return fallback;
        }
        try {
            return Integer.parseInt(value.strip());
        } catch (NumberFormatException e) {
            throw new ConfigException(key, value, "Not a number of type INT");
        }
    }

    private static List<Pattern> patterns(String key, @Nullable String listed) {
        return list(listed).stream().map(regex -> pattern(key, regex)).toList();
    }

    private static Pattern pattern(String key, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(key, regex, "Not a regular expression: " + e.getDescription());
        }
    }

    private static List<String> list(@Nullable String listed) {
        return listed == null
                ? List.of()
                : Arrays.stream(listed.split(",", -1))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList();
    }

    /** Sees to it that a topic exists, if that is our business. */
    void ensure(String topic) {
        if (groups.isEmpty() || !known.add(topic)) {
            return;
        }
        Group group = groups.stream()
                .filter(candidate -> candidate.takes(topic))
                .findFirst()
                .orElseThrow();
        try {
            admin().createTopics(List.of(group.create(topic))).all().get();
            LOGGER.atInfo().addKeyValue("topic", topic).log("topic created");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while creating topic " + topic, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return;
            }
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
