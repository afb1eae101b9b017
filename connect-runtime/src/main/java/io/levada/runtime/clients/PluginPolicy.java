/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginClose;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.plugins.WorkerPlugin;
import io.levada.runtime.threads.Interruption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.health.ConnectorType;

/** A policy that somebody else wrote (KIP-458): asked with all that Kafka Connect tells it, its own words are the refusals. */
final class PluginPolicy implements OverridePolicy {
    private final ConnectorClientConfigOverridePolicy plugin;
    private final Plugins plugins;
    private final ClassLoader loader;

    private PluginPolicy(ConnectorClientConfigOverridePolicy plugin, Plugins plugins) {
        this.plugin = plugin;
        this.plugins = plugins;
        this.loader = plugin.getClass().getClassLoader();
    }

    /** Finds and configures the policy; throws {@link org.apache.kafka.common.config.ConfigException} that names key and class. */
    static PluginPolicy open(String key, String name, WorkerConfig worker, Plugins plugins) {
        ConnectorClientConfigOverridePolicy plugin = WorkerPlugin.of(key, name, () -> plugins.newOverridePolicy(name));
        PluginPolicy policy = new PluginPolicy(plugin, plugins);
        return WorkerPlugin.of(key, name, policy.loader, () -> {
            plugin.configure(worker.properties());
            return policy;
        });
    }

    @Override
    public Optional<ConnectorClientConfigOverridePolicy> plugin() {
        return Optional.of(plugin);
    }

    @Override
    public Map<String, List<String>> refusals(OverrideRequest request) {
        ConnectorClientConfigRequest asked = new ConnectorClientConfigRequest(
                request.connector(),
                ConnectorType.valueOf(
                        plugins.type(PluginChoice.of(request.connectorClass())).name()),
                plugins.connectorClass(request.connectorClass()),
                request.settings(),
                request.client());
        Map<String, List<String>> refusals = new TreeMap<>();
        for (ConfigValue value : validate(asked)) {
            if (value != null && !value.errorMessages().isEmpty()) {
                refusals.computeIfAbsent(value.name(), setting -> new ArrayList<>())
                        .addAll(value.errorMessages());
            }
        }
        return refusals;
    }

    private List<ConfigValue> validate(ConnectorClientConfigRequest request) {
        try {
            List<ConfigValue> judged = LoaderSwap.call(loader, () -> plugin.validate(request));
            return judged == null ? List.of() : judged;
        } catch (Throwable e) {
            Interruption.keep(e);
            throw new ConnectException(
                    "The worker's connector.client.config.override.policy ("
                            + plugin.getClass().getName() + ") failed for connector " + request.connectorName() + ": "
                            + e,
                    e);
        }
    }

    @Override
    public void close() {
        PluginClose.of(KEY, plugin.getClass(), plugin);
    }
}
