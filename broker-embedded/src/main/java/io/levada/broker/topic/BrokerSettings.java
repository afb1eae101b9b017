/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.config.LogConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the broker by Kafka's names, and where its value comes from: set while it runs for this node, set so for the whole cluster, given in
 * the properties, or the default; the first of these counts.
 *
 * <p>Some settings have several spellings ({@code log.retention.ms}, {@code .minutes}, {@code .hours}). They are synonyms of each other, the finest first.
 * Reading is safe from any thread; changes run on the thread of {@link Topics}.
 */
public final class BrokerSettings {
    private final ConfigResource node;
    private final DynamicSettings dynamic;
    private final Map<String, BrokerSetting> byName = new LinkedHashMap<>();
    private final Map<String, List<BrokerSetting>> byTopicSetting = new HashMap<>();

    /**
     * The settings of a broker.
     *
     * @param declared all there are, spellings of the same setting in the order in which they count
     * @param nodeId the id of this broker
     */
    public BrokerSettings(Collection<BrokerSetting> declared, int nodeId, DynamicSettings dynamic) {
        this.node = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(nodeId));
        this.dynamic = dynamic;
        for (BrokerSetting setting : declared) {
            byName.put(setting.name(), setting);
            if (setting.topicSetting() != null) {
                byTopicSetting
                        .computeIfAbsent(setting.topicSetting(), key -> new ArrayList<>())
                        .add(setting);
            }
        }
    }

    /** A value that a setting has, or would have if nothing before it in the list gave another. */
    record Synonym(String name, String value, ConfigSource source) {}

    Collection<BrokerSetting> all() {
        return byName.values();
    }

    Optional<BrokerSetting> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** What a topic gets that does not say otherwise, by the names of topic settings; what is not in here has its built-in default. */
    public Map<String, String> topicDefaults() {
        return topicDefaults(dynamic.of(node), dynamic.of(DynamicSettings.CLUSTER));
    }

    /** The values that {@code setting} and its other spellings have, the one that counts first. */
    List<Synonym> synonyms(BrokerSetting setting) {
        String topicSetting = setting.topicSetting();
        return topicSetting == null ? synonyms(List.of(setting)) : synonymsOfTopicSetting(topicSetting);
    }

    /** The values that the broker has for a topic's setting, the one that counts first. */
    List<Synonym> synonymsOfTopicSetting(String topicSetting) {
        return synonyms(byTopicSetting.getOrDefault(topicSetting, List.of()));
    }

    /** The value of {@code setting} in its own spelling; empty if it is given in another one. */
    Optional<Synonym> value(BrokerSetting setting) {
        return synonyms(List.of(setting)).stream().findFirst();
    }

    /** Whether {@code resource} is this broker. */
    boolean isNode(ConfigResource resource) {
        return node.equals(resource);
    }

    /** What was set while the broker ran, for this node or, with an empty name, for all. */
    Map<String, String> dynamic(ConfigResource resource) {
        return dynamic.of(resource);
    }

    /**
     * Changes what is set for this node or for the cluster, and stores it. To be called on the thread of {@link Topics}.
     *
     * @return the defaults of topics from now on
     */
    Map<String, String> change(ConfigResource resource, UnaryOperator<Map<String, String>> edit, boolean validateOnly) {
        Map<String, String> changed = edit.apply(new HashMap<>(dynamic.of(resource)));
        Set<String> fixed = new TreeSet<>(changed.keySet());
        fixed.removeIf(name -> find(name).filter(BrokerSetting::isDynamic).isPresent());
        if (!fixed.isEmpty()) {
            throw new InvalidRequestException("Cannot update these configs dynamically: " + fixed
                    + "; they stand in the broker's properties, and count from its next start");
        }
        boolean ofNode = isNode(resource);
        Map<String, String> defaults = topicDefaults(
                ofNode ? changed : dynamic.of(node), ofNode ? dynamic.of(DynamicSettings.CLUSTER) : changed);
        LogConfig.from(defaults);
        checkHidden(changed);
        if (!validateOnly) {
            dynamic.put(resource, changed);
        }
        return defaults;
    }

    /** A wrong value must not wait behind another one until that is taken away. */
    private void checkHidden(Map<String, String> changed) {
        changed.forEach((name, value) -> find(name)
                .map(BrokerSetting::topicSetting)
                .ifPresent(topicSetting -> LogConfig.from(Map.of(topicSetting, value))));
    }

    private Map<String, String> topicDefaults(Map<String, String> ofNode, Map<String, String> ofCluster) {
        Map<String, String> defaults = new HashMap<>();
        byTopicSetting.forEach((topicSetting, spellings) -> synonyms(spellings, ofNode, ofCluster).stream()
                .filter(synonym -> synonym.source() != ConfigSource.DEFAULT_CONFIG)
                .findFirst()
                .ifPresent(synonym -> defaults.put(topicSetting, toTopicValue(synonym))));
        return defaults;
    }

    /** The value of a synonym in the unit of the topic setting. */
    String toTopicValue(Synonym synonym) {
        try {
            return find(synonym.name()).orElseThrow().toTopicValue(synonym.value());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new InvalidConfigurationException(synonym.name() + "=" + synonym.value() + " is not a time", e);
        }
    }

    private List<Synonym> synonyms(List<BrokerSetting> spellings) {
        return synonyms(spellings, dynamic.of(node), dynamic.of(DynamicSettings.CLUSTER));
    }

    private static List<Synonym> synonyms(
            List<BrokerSetting> spellings, Map<String, String> ofNode, Map<String, String> ofCluster) {
        List<Synonym> found = new ArrayList<>();
        spellings.forEach(
                setting -> add(found, setting.name(), ofNode.get(setting.name()), ConfigSource.DYNAMIC_BROKER_CONFIG));
        spellings.forEach(setting ->
                add(found, setting.name(), ofCluster.get(setting.name()), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG));
        spellings.forEach(setting -> add(found, setting.name(), setting.given(), ConfigSource.STATIC_BROKER_CONFIG));
        spellings.forEach(setting -> add(found, setting.name(), setting.defaultValue(), ConfigSource.DEFAULT_CONFIG));
        return found;
    }

    private static void add(List<Synonym> found, String name, @Nullable String value, ConfigSource source) {
        if (value != null) {
            found.add(new Synonym(name, value, source));
        }
    }
}
