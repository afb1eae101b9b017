/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.LogConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/** Every setting of a topic with its value and where that comes from: the topic, the broker's properties, or the default. */
final class TopicSettings {
    private final TopicDefaults defaults;
    private final List<ConfigDef.ConfigKey> keys;

    TopicSettings(TopicDefaults defaults) {
        this.defaults = defaults;
        this.keys = LogConfig.definition().configKeys().values().stream()
                .sorted((a, b) -> a.name.compareTo(b.name))
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
        String builtIn = ConfigDef.convertToString(key.defaultValue, key.type);
        String ofBroker = defaults.configs().get(key.name);
        String ofTopic = own.get(key.name);
        if (ofTopic != null) {
            return new Setting(key, ofTopic, ConfigSource.TOPIC_CONFIG, ofBroker, builtIn);
        }
        return ofBroker != null
                ? new Setting(key, ofBroker, ConfigSource.STATIC_BROKER_CONFIG, ofBroker, builtIn)
                : new Setting(key, builtIn, ConfigSource.DEFAULT_CONFIG, null, builtIn);
    }

    /**
     * One setting.
     *
     * @param brokerValue what the broker's properties say, null if nothing
     */
    record Setting(
            ConfigDef.ConfigKey key,
            @Nullable String value,
            ConfigSource source,
            @Nullable String brokerValue,
            @Nullable String defaultValue) {
        String name() {
            return key.name;
        }
    }
}
