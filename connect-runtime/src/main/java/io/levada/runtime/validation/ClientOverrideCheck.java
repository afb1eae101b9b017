/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.plugins.PluginType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** Validates the client settings that a connector overrides ({@code producer.override.*} and so on), for the clients it will have. */
final class ClientOverrideCheck {
    private final OverridePolicy policy;

    ClientOverrideCheck(OverridePolicy policy) {
        this.policy = policy;
    }

    /** The overrides of each client; throws {@link org.apache.kafka.common.config.ConfigException} for one that cannot be read. */
    List<ConfigInfos> check(PluginType connector, Map<String, @Nullable String> config) {
        boolean source = connector == PluginType.SOURCE;
        String deadLetters = config.get("errors.deadletterqueue.topic.name");
        boolean producer = source || (deadLetters != null && !deadLetters.isBlank());
        boolean admin = source ? config.containsKey("topic.creation.default.replication.factor") : producer;
        List<ConfigInfos> all = new ArrayList<>();
        if (producer) {
            all.add(overrides("producer.override.", ProducerConfig.configDef(), config));
        }
        if (admin) {
            all.add(overrides("admin.override.", AdminClientConfig.configDef(), config));
        }
        if (!source) {
            all.add(overrides("consumer.override.", ConsumerConfig.configDef(), config));
        }
        return all;
    }

    private ConfigInfos overrides(String prefix, ConfigDef client, Map<String, @Nullable String> config) {
        Map<String, ConfigKey> keys = client.configKeys();
        Map<String, @Nullable String> given = new TreeMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(prefix) && value != null) {
                given.put(key.substring(prefix.length()), value);
            }
        });
        Set<String> refused = policy.refused(given.keySet());
        List<ConfigValue> values = new ArrayList<>();
        given.forEach((setting, text) -> {
            ConfigKey key = keys.get(setting);
            ConfigValue value = new ConfigValue(setting);
            value.value(key == null ? text : ConfigDef.parseType(setting, text, key.type));
            if (refused.contains(setting)) {
                value.addErrorMessage(
                        "The worker's connector.client.config.override.policy does not let a connector set " + prefix
                                + setting + "; its operator can add it to connector.client.config.override.allowlist.");
            }
            values.add(value);
        });
        return Rendering.prefixed(prefix, keys, values);
    }
}
