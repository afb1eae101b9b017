/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.Plugins;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.provider.ConfigProvider;
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
    private final Set<String> literal;

    private Secrets(Map<String, ConfigProvider> providers, Set<String> literal) {
        this.providers = Map.copyOf(providers);
        this.literal = Set.copyOf(literal);
    }

    /** Opens those that {@code config.providers} names. */
    public static Secrets open(WorkerConfig worker, Plugins plugins) {
        Map<String, ConfigProvider> providers = new HashMap<>();
        names(worker, "config.providers").forEach(name -> providers.put(name, open(name, worker, plugins)));
        return new Secrets(providers, Set.copyOf(names(worker, "config.providers.literal")));
    }

    private static List<String> names(WorkerConfig worker, String key) {
        return Arrays.stream(worker.properties().getOrDefault(key, "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
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

    /**
     * The config with all references replaced; blocks as long as the providers take. A reference that cannot be resolved never goes
     * on as it is written: a plugin would take it for the value.
     *
     * @throws UnresolvedException that tells every reference that cannot be resolved
     */
    public Map<String, @Nullable String> resolve(Map<String, @Nullable String> config) {
        return new Resolution(providers, literal).resolve(config);
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
