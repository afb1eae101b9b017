/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import io.levada.runtime.spelling.Spelling;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;

/**
 * Finds the keys of a worker that nobody reads, each with those that may have been meant. Below the prefix of a client, of REST or of its certificates only what
 * resembles one of their settings counts: interceptors, reporters and extensions have keys of their own there.
 */
final class UnknownWorkerKeys {
    /** Begins as the keys of admin clients do, and is none of them. */
    private static final String OF_REST = "admin.listeners.";

    private static final Map<String, Set<String>> SETTINGS = Map.of(
            "producer.", ProducerConfig.configNames(),
            "consumer.", ConsumerConfig.configNames(),
            "admin.", AdminClientConfig.configNames(),
            "rest.", ofRest(),
            "listeners.https.", ofCertificates(),
            "admin.listeners.https.", ofCertificates());

    private UnknownWorkerKeys() {}

    private static Set<String> ofRest() {
        return WorkerKeys.DEFINITION.names().stream()
                .filter(key -> key.startsWith("rest."))
                .map(key -> key.substring("rest.".length()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> ofCertificates() {
        ConfigDef definition = new ConfigDef();
        SslConfigs.addClientSslSupport(definition);
        Set<String> settings = new HashSet<>(definition.names());
        settings.add("ssl.client.auth");
        return settings;
    }

    static SortedMap<String, List<String>> in(Map<String, String> given) {
        SortedMap<String, List<String>> unknown = new TreeMap<>();
        for (String key : given.keySet()) {
            if (WorkerKeys.DEFINITION.names().contains(key)) {
                continue;
            }
            if (WorkerKeys.OPEN_PREFIXES.stream().noneMatch(key::startsWith)) {
                unknown.put(key, nearest(key));
            }
            SETTINGS.forEach((prefix, settings) -> {
                if (prefix.equals("admin.") && key.startsWith(OF_REST)) {
                    return;
                }
                List<String> meant = meant(key, prefix, settings);
                if (!meant.isEmpty()) {
                    unknown.put(key, meant);
                }
            });
        }
        return unknown;
    }

    private static List<String> nearest(String key) {
        List<String> nearest = Spelling.nearestPrefix(key, WorkerKeys.OPEN_PREFIXES);
        return nearest.isEmpty() ? Spelling.nearest(key, WorkerKeys.DEFINITION.names()) : nearest;
    }

    private static List<String> meant(String key, String prefix, Set<String> settings) {
        String setting = key.startsWith(prefix) ? key.substring(prefix.length()) : "";
        return setting.isEmpty() || settings.contains(setting)
                ? List.of()
                : Spelling.nearest(setting, settings).stream()
                        .map(prefix::concat)
                        .toList();
    }
}
