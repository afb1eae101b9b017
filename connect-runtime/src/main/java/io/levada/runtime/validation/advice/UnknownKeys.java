/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.spelling.Spelling;
import io.levada.runtime.validation.infos.ConfigInfo;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.keys.Names;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of a config that nobody reads. None is ever refused: many connectors take keys that they do not define, and Kafka Connect accepts
 * them. Each part of a config is judged by its own rules: what stands below the alias of a transform is compared with that transform's keys, and a
 * client's or converter's part, where plugins have keys of their own, counts only where a key resembles one that is known.
 */
public final class UnknownKeys {
    private static final Map<String, Set<String>> CLIENTS = clients();
    private static final List<String> CONVERTERS = List.of("key.converter", "value.converter", "header.converter");
    private static final List<String> STAGES = List.of("transforms", "predicates");
    /** Each is compared with all names that are known, which takes minutes for a config of ten thousand. */
    private static final int JUDGED_MAX = 200;

    private final Map<String, @Nullable String> config;
    private final PluginType direction;
    private final Set<String> defined;

    /** @param infos what validation found: all definitions there are for this config, and the values of keys that a connector adds */
    public UnknownKeys(Map<String, @Nullable String> config, PluginType direction, ConfigInfos infos) {
        this.config = config;
        this.direction = direction;
        this.defined = new HashSet<>(RestartPolicy.keys());
        for (ConfigInfo info : infos.configs()) {
            ConfigInfo.Value value = info.value();
            if (info.definition() != null) {
                defined.add(info.definition().name());
            } else if (value != null && config.get(value.name()) != null && client(value.name()) == null) {
                defined.add(value.name());
            }
        }
    }

    private static Map<String, Set<String>> clients() {
        Map<String, Set<String>> clients = new LinkedHashMap<>();
        clients.put("producer.override.", ProducerConfig.configNames());
        clients.put("consumer.override.", ConsumerConfig.configNames());
        clients.put("admin.override.", AdminClientConfig.configNames());
        return clients;
    }

    /** By name; a config that has very many is told how many are not looked at. */
    List<UnknownKey> find() {
        List<String> undefined = new TreeSet<>(config.keySet())
                .stream().filter(key -> !defined.contains(key)).toList();
        Stream<UnknownKey> judged = undefined.stream().limit(JUDGED_MAX).flatMap(key -> find(key).stream());
        Stream<UnknownKey> more = undefined.stream()
                .skip(JUDGED_MAX)
                .limit(1)
                .map(key -> new UnknownKey(
                        key,
                        List.of(),
                        (undefined.size() - JUDGED_MAX) + " more keys, from " + key
                                + " on, are not defined by the connector, and not looked at."));
        return Stream.concat(judged, more).toList();
    }

    private Optional<UnknownKey> find(String key) {
        String client = client(key);
        if (client != null) {
            return UnknownKey.resembling(key, client, clientSettings(client), "the client's settings");
        }
        for (String converter : CONVERTERS) {
            if (key.startsWith(converter + ".")) {
                return ofConverter(key, converter);
            }
        }
        for (String stages : STAGES) {
            if (key.startsWith(stages + ".")) {
                return ofStage(key, stages);
            }
        }
        if (direction == PluginType.SOURCE && key.startsWith(SourceAdvice.DEAD_LETTERS)) {
            return Optional.empty(); // It is known, and told otherwise.
        }
        if (direction == PluginType.SOURCE && key.startsWith(TopicGroups.PREFIX)) {
            return new TopicGroups(config).judge(key);
        }
        return Optional.of(plain(key));
    }

    private UnknownKey plain(String key) {
        List<String> nearest = Spelling.nearestPrefix(key, prefixes().toList());
        if (nearest.isEmpty()) {
            nearest = Spelling.nearest(key, defined);
        }
        String advice = "The key " + key + " is unknown: " + config.get("connector.class")
                + " does not define it, nor does the worker, so that it may have no effect."
                + UnknownKey.didYouMean(nearest);
        return new UnknownKey(key, nearest, advice);
    }

    private Stream<String> prefixes() {
        Stream<String> aliases =
                STAGES.stream().flatMap(stages -> aliases(stages).stream().map(alias -> stages + "." + alias + "."));
        Stream<String> converters = CONVERTERS.stream().map(converter -> converter + ".");
        Stream<String> topics = direction == PluginType.SOURCE ? Stream.of(TopicGroups.PREFIX) : Stream.of();
        return Stream.of(CLIENTS.keySet().stream(), converters, aliases, topics).flatMap(all -> all);
    }

    private static @Nullable String client(String key) {
        return CLIENTS.keySet().stream().filter(key::startsWith).findFirst().orElse(null);
    }

    private static Set<String> clientSettings(String prefix) {
        return CLIENTS.getOrDefault(prefix, Set.of());
    }

    private Optional<UnknownKey> ofConverter(String key, String converter) {
        if (config.get(converter) == null) {
            return Optional.of(new UnknownKey(
                    key,
                    List.of(),
                    "The key " + key + " has no effect without " + converter
                            + ": the connector takes the worker's converter, with the worker's settings. Set "
                            + converter
                            + " too."));
        }
        String prefix = converter + ".";
        return UnknownKey.resembling(
                key, prefix, below(prefix), "the keys of " + converter + "=" + config.get(converter));
    }

    private Optional<UnknownKey> ofStage(String key, String stages) {
        List<String> aliases = aliases(stages);
        for (String alias : aliases) {
            String prefix = stages + "." + alias + ".";
            if (key.startsWith(prefix)) {
                Set<String> settings = below(prefix);
                // Without its class, which is an error of its own, nobody can tell the keys of a transform.
                return settings.size() <= 2 ? Optional.empty() : Optional.of(ofAlias(key, prefix, settings));
            }
        }
        int start = stages.length() + 1;
        int dot = key.indexOf('.', start);
        if (dot < 0) {
            return Optional.of(plain(key));
        }
        String alias = key.substring(start, dot);
        List<String> nearest = Spelling.nearest(alias, aliases).stream()
                .map(meant -> stages + "." + meant + key.substring(dot))
                .toList();
        String advice = "The key " + key + " has no effect: "
                + (aliases.isEmpty()
                        ? stages + " is not set. Set " + stages + "=" + alias + "."
                        : stages + "=" + String.join(",", aliases) + " does not list " + alias + ". Add it there."
                                + UnknownKey.didYouMean(nearest));
        return Optional.of(new UnknownKey(key, nearest, advice));
    }

    private UnknownKey ofAlias(String key, String prefix, Set<String> settings) {
        List<String> nearest = Spelling.nearest(key.substring(prefix.length()), settings).stream()
                .map(prefix::concat)
                .toList();
        return new UnknownKey(
                key,
                nearest,
                "The key " + key + " is unknown: " + config.get(prefix + "type")
                        + " does not define it, so that it may have no effect." + UnknownKey.didYouMean(nearest));
    }

    private List<String> aliases(String stages) {
        return Names.listed(config.get(stages));
    }

    private Set<String> below(String prefix) {
        Set<String> names = new TreeSet<>();
        defined.stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> names.add(name.substring(prefix.length())));
        return names;
    }
}
