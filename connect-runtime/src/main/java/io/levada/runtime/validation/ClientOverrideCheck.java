/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.clients.OverrideRequest;
import io.levada.runtime.plugins.PluginType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
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
            all.add(overrides(ClientType.PRODUCER, ProducerConfig.configDef(), config));
        }
        if (admin) {
            all.add(overrides(ClientType.ADMIN, AdminClientConfig.configDef(), config));
        }
        if (!source) {
            all.add(overrides(ClientType.CONSUMER, ConsumerConfig.configDef(), config));
        }
        return all;
    }

    private ConfigInfos overrides(ClientType type, ConfigDef client, Map<String, @Nullable String> config) {
        String prefix = OverrideRequest.prefix(type);
        Map<String, ConfigKey> keys = client.configKeys();
        Map<String, Object> given = new TreeMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(prefix) && value != null) {
                String setting = key.substring(prefix.length());
                ConfigKey known = keys.get(setting);
                given.put(setting, known == null ? value : ConfigDef.parseType(setting, value, known.type));
            }
        });
        Map<String, ConfigValue> values = new TreeMap<>();
        given.forEach((setting, value) -> {
            ConfigValue shown = new ConfigValue(setting);
            shown.value(value);
            values.put(setting, shown);
        });
        policy.refusals(new OverrideRequest(
                        config.get("name"), String.valueOf(config.get("connector.class")), type, given))
                .forEach((setting, errors) ->
                        errors.forEach(values.computeIfAbsent(setting, ConfigValue::new)::addErrorMessage));
        return Rendering.prefixed(prefix, keys, List.copyOf(values.values()));
    }
}
