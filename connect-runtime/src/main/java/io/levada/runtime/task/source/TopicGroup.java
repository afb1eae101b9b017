/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A group of topics that a source connector writes to, and what they are created with: {@code topic.creation.<group>.*}
 * (KIP-158).
 *
 * @param include whole names of topics that belong to it
 * @param exclude and of those that do not, although they are included
 * @param partitions how many; -1 leaves it to the brokers
 * @param replication how many copies; -1 leaves it to the brokers
 * @param settings of the topics
 */
record TopicGroup(
        List<Pattern> include, List<Pattern> exclude, int partitions, short replication, Map<String, String> settings) {
    static final String PREFIX = "topic.creation.";
    private static final String DEFAULT = "default";

    TopicGroup {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        settings = Map.copyOf(settings);
    }

    /**
     * The groups of a connector's config in the order in which they are asked, the default group, which takes every topic, last.
     *
     * @throws ConfigException that names the key which is missing or makes no sense
     */
    static List<TopicGroup> of(Map<String, @Nullable String> config) {
        Map<String, TopicGroup> groups = new LinkedHashMap<>();
        TopicGroup fallback = group(config, DEFAULT, null);
        for (String name : list(config.get(PREFIX + "groups"))) {
            groups.put(name, group(config, name, fallback));
        }
        groups.remove(DEFAULT);
        groups.put(DEFAULT, fallback);
        return List.copyOf(groups.values());
    }

    /** What makes no sense or is missing, by its key; with none, {@link #of} reads the groups. */
    static Map<String, String> problems(Map<String, @Nullable String> config) {
        Map<String, String> problems = new LinkedHashMap<>();
        numbers(config, DEFAULT, null, problems);
        for (String name : list(config.get(PREFIX + "groups"))) {
            if (!name.equals(DEFAULT)) {
                for (String topics : List.of("include", "exclude")) {
                    check(problems, PREFIX + name + "." + topics, key -> patterns(key, config.get(key)));
                }
                numbers(config, name, -1, problems);
            }
        }
        return problems;
    }

    private static void numbers(
            Map<String, @Nullable String> config,
            String name,
            @Nullable Integer fallback,
            Map<String, String> problems) {
        String prefix = PREFIX + name + ".";
        check(problems, prefix + "replication.factor", key -> number(key, config.get(key), Short.MAX_VALUE, fallback));
        check(problems, prefix + "partitions", key -> number(key, config.get(key), Integer.MAX_VALUE, fallback));
    }

    private static void check(Map<String, String> problems, String key, Function<String, Object> read) {
        try {
            var unused = read.apply(key);
        } catch (ConfigException e) {
            problems.put(key, String.valueOf(e.getMessage()));
        }
    }

    boolean takes(String topic) {
        return matches(include, topic) && !matches(exclude, topic);
    }

    private static boolean matches(List<Pattern> patterns, String topic) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
    }

    NewTopic create(String topic) {
        return new NewTopic(
                        topic,
                        partitions < 0 ? Optional.empty() : Optional.of(partitions),
                        replication < 0 ? Optional.empty() : Optional.of(replication))
                .configs(settings);
    }

    private static TopicGroup group(Map<String, @Nullable String> config, String name, @Nullable TopicGroup fallback) {
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
                Short.MAX_VALUE,
                fallback == null ? null : (int) fallback.replication);
        int partitions = number(
                prefix + "partitions",
                settings.remove("partitions"),
                Integer.MAX_VALUE,
                fallback == null ? null : fallback.partitions);
        return new TopicGroup(
                fallback == null ? patterns(prefix, ".*") : patterns(prefix + "include", include),
                fallback == null ? List.of() : patterns(prefix + "exclude", exclude),
                partitions,
                (short) replication,
                settings);
    }

    private static int number(String key, @Nullable String value, int max, @Nullable Integer fallback) {
        if (value == null) {
            if (fallback == null) {
                throw new ConfigException("Missing required configuration \"" + key + "\" which has no default value.");
            }
            return fallback;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number == -1 || (number >= 1 && number <= max)) {
                return (int) number;
            }
            throw new ConfigException(key, value, "Must be from 1 to " + max + ", or -1 to leave it to the brokers");
        } catch (NumberFormatException e) {
            throw new ConfigException(key, value, "Not a whole number");
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
}
