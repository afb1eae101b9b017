/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.clients.ClientSettings;
import io.levada.runtime.clients.OverrideRequest;
import io.levada.runtime.clients.ProducerSafety;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.task.source.TopicCreation;
import io.levada.runtime.validation.infos.ConfigInfos;
import io.levada.runtime.validation.infos.Rendering;
import io.levada.runtime.validation.keys.ValidationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.jspecify.annotations.Nullable;

/** Validates the client settings that a connector overrides ({@code producer.override.*} and so on), for the clients it will have. */
final class ClientOverrideCheck {
    private final ValidationSettings worker;

    ClientOverrideCheck(ValidationSettings worker) {
        this.worker = worker;
    }

    /** The overrides of each client, with an error of its key for each that the client or the policy does not take. */
    List<ConfigInfos> check(PluginType connector, Map<String, @Nullable String> config) {
        boolean source = connector == PluginType.SOURCE;
        List<ConfigInfos> all = new ArrayList<>();
        if (source || hasDeadLetters(config)) {
            boolean transactional = source && worker.exactlyOnce();
            all.add(overrides(
                    ClientType.PRODUCER,
                    ProducerConfig.configDef(),
                    config,
                    // Transactions take what they need, whatever is said.
                    given -> transactional ? Map.of() : ProducerSafety.contradictions(worker.producer(), given)));
        }
        if (!source || managesTopics(config) || worker.exactlyOnce()) { // also for a sink's offsets and to fence tasks
            all.add(overrides(ClientType.ADMIN, AdminClientConfig.configDef(), config));
        }
        if (!source || keepsOwnOffsets(config)) {
            all.add(overrides(ClientType.CONSUMER, ConsumerConfig.configDef(), config));
        }
        return all;
    }

    private static boolean hasDeadLetters(Map<String, @Nullable String> config) {
        return !Settings.text(config, "errors.deadletterqueue.topic.name", "").isEmpty();
    }

    /** Whether a source has topics made: for its records, as it says how, or for its offsets. */
    private boolean managesTopics(Map<String, @Nullable String> config) {
        return TopicCreation.isWanted(config) || keepsOwnOffsets(config);
    }

    private boolean keepsOwnOffsets(Map<String, @Nullable String> config) {
        return OffsetStores.mayBeApart(config, worker.exactlyOnce(), worker.producer());
    }

    private ConfigInfos overrides(ClientType type, ConfigDef client, Map<String, @Nullable String> config) {
        return overrides(type, client, config, given -> Map.of());
    }

    /** @param together what is wrong with settings that make sense one by one, by setting */
    private ConfigInfos overrides(
            ClientType type,
            ConfigDef client,
            Map<String, @Nullable String> config,
            Function<Map<String, Object>, Map<String, List<String>>> together) {
        String prefix = OverrideRequest.prefix(type);
        Map<String, ConfigKey> keys = client.configKeys();
        Map<String, Object> given = new TreeMap<>();
        Map<String, ConfigValue> values = new TreeMap<>();
        config.forEach((key, value) -> {
            if (key.startsWith(prefix) && value != null) {
                String setting = key.substring(prefix.length());
                ConfigValue shown = values.computeIfAbsent(setting, ConfigValue::new);
                Object parsed = parsed(keys.get(setting), value, shown);
                shown.value(parsed);
                given.put(setting, parsed);
            }
        });
        OverrideRequest request =
                new OverrideRequest(config.get("name"), Settings.text(config, "connector.class", "null"), type, given);
        for (Map<String, List<String>> errors : List.of(worker.overrides().refusals(request), together.apply(given))) {
            errors.forEach((setting, texts) ->
                    texts.forEach(values.computeIfAbsent(setting, ConfigValue::new)::addErrorMessage));
        }
        return Rendering.prefixed(prefix, keys, List.copyOf(values.values()));
    }

    /** As the client will read it. What it will not take is an error of its key: found at its start, it would fail every task. */
    private static Object parsed(@Nullable ConfigKey key, String value, ConfigValue shown) {
        if (key == null) {
            return value;
        }
        try {
            return ClientSettings.parsed(key, key.name, value);
        } catch (ConfigException e) {
            shown.addErrorMessage(String.valueOf(e.getMessage()));
            return value;
        }
    }
}
