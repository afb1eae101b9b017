/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.topic.BrokerSettings.Synonym;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/** Every setting of a topic with its value and where that comes from: the topic, the broker's settings, or the default. */
final class TopicSettings {
    private final BrokerSettings broker;
    private final List<ConfigDef.ConfigKey> keys;

    TopicSettings(BrokerSettings broker) {
        this.broker = broker;
        this.keys = LogConfig.definition().configKeys().values().stream()
                .sorted(Comparator.comparing(key -> key.name))
                .toList();
    }

    List<Setting> of(Topic topic) {
        List<Setting> settings = new ArrayList<>();
        for (ConfigDef.ConfigKey key : keys) {
            settings.add(setting(key, topic.configs()));
        }
        return settings;
    }

    private Setting setting(ConfigDef.ConfigKey key, Map<String, String> own) {
        List<Synonym> synonyms = new ArrayList<>();
        String ofTopic = own.get(key.name);
        if (ofTopic != null) {
            synonyms.add(new Synonym(key.name, ofTopic, ConfigSource.TOPIC_CONFIG));
        }
        List<Synonym> ofBroker = broker.synonymsOfTopicSetting(key.name);
        synonyms.addAll(ofBroker);
        if (ofTopic != null) {
            return new Setting(key, ofTopic, ConfigSource.TOPIC_CONFIG, synonyms);
        }
        if (!ofBroker.isEmpty() && ofBroker.get(0).source() != ConfigSource.DEFAULT_CONFIG) {
            Synonym counts = ofBroker.get(0);
            return new Setting(key, broker.toTopicValue(counts), counts.source(), synonyms);
        }
        String builtIn = String.valueOf(ConfigDef.convertToString(key.defaultValue, key.type));
        return new Setting(key, builtIn, ConfigSource.DEFAULT_CONFIG, synonyms);
    }

    /**
     * One setting.
     *
     * @param synonyms the values it has by any name, the one that counts first
     */
    record Setting(ConfigDef.ConfigKey key, String value, ConfigSource source, List<Synonym> synonyms) {
        String name() {
            return key.name;
        }
    }
}
