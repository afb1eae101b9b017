/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.Plugins;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's config providers, which replace {@code ${provider:path:key}} in a connector's config when connector or
 * task start, and not before: what they give is neither stored nor logged.
 */
public final class Secrets implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Secrets.class);

    private final Map<String, ConfigProvider> providers;
    private final ConfigTransformer transformer;

    private Secrets(Map<String, ConfigProvider> providers) {
        this.providers = Map.copyOf(providers);
        this.transformer = new ConfigTransformer(this.providers);
    }

    /** Opens those that {@code config.providers} names. */
    public static Secrets open(WorkerConfig worker, Plugins plugins) {
        Map<String, ConfigProvider> providers = new HashMap<>();
        Arrays.stream(worker.properties().getOrDefault("config.providers", "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .forEach(name -> providers.put(name, open(name, worker, plugins)));
        return new Secrets(providers);
    }

    private static ConfigProvider open(String name, WorkerConfig worker, Plugins plugins) {
        String key = "config.providers." + name;
        String type = worker.properties().get(key + ".class");
        if (type == null) {
            throw new org.apache.kafka.common.config.ConfigException(
                    "config.providers names '" + name + "', but " + key + ".class is missing");
        }
        ConfigProvider provider = plugins.newConfigProvider(type);
        provider.configure(worker.withPrefix(key + ".param."));
        return provider;
    }

    /** The config with all references replaced; blocks as long as the providers take. */
    public Map<String, @Nullable String> resolve(Map<String, @Nullable String> config) {
        if (providers.isEmpty()) {
            return config;
        }
        Map<String, String> given = new LinkedHashMap<>();
        Map<String, @Nullable String> resolved = new LinkedHashMap<>(config);
        config.forEach((key, value) -> {
            if (value != null) {
                given.put(key, value.substring(0, closed(value)));
            }
        });
        try {
            transformer.transform(given).data().forEach((key, found) -> {
                String value = config.get(key);
                resolved.put(key, value == null ? found : found + value.substring(closed(value)));
            });
        } catch (RuntimeException e) {
            throw new ConnectException("A config provider failed: " + e.getMessage(), e);
        }
        return resolved;
    }

    /**
     * Where the last reference can end. What comes after is kept from Kafka's transformer, whose regular expression comes
     * to no end in useful time over a thousand references that are opened and never closed.
     */
    private static int closed(String value) {
        return value.lastIndexOf('}') + 1;
    }

    @Override
    public void close() {
        providers.forEach((name, provider) -> {
            try {
                provider.close();
            } catch (IOException e) {
                LOGGER.atWarn()
                        .addKeyValue("provider", name)
                        .addKeyValue("error", e.getMessage())
                        .log("config provider did not close");
            }
        });
    }
}
