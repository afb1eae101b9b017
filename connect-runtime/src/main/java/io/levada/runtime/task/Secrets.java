/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.plugins.WorkerPlugin;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * The worker's config providers (KIP-297), which replace {@code ${provider:path:key}}: in the worker's own properties before anything
 * else reads them, in a connector's config when connector or task start, and not before. What they give is neither stored nor logged.
 */
public final class Secrets implements AutoCloseable {
    private static final String NAMES = "config.providers";
    private static final String LITERAL = "config.providers.literal";

    private final Map<String, GuardedProvider> providers;
    private final Set<String> literal;
    private final Reloads reloads = new Reloads();

    private Secrets(Map<String, GuardedProvider> providers, Set<String> literal) {
        this.providers = Map.copyOf(providers);
        this.literal = Set.copyOf(literal);
    }

    /**
     * Opens those that {@code config.providers} names. Like Kafka Connect's worker it does not ask the system property
     * {@code org.apache.kafka.automatic.config.providers}, which is about configs of strangers.
     *
     * @param worker the worker's properties as given: those of the providers are never resolved themselves
     * @throws ConfigException that names key and class, if one is missing or fails
     */
    public static Secrets open(Map<String, String> worker, Plugins plugins) {
        Map<String, GuardedProvider> providers = new LinkedHashMap<>();
        Set<String> literal = Set.copyOf(names(worker, LITERAL));
        try {
            names(worker, NAMES).forEach(name -> providers.put(name, open(name, worker, plugins)));
        } catch (RuntimeException e) {
            new Secrets(providers, literal).close();
            throw e;
        }
        return new Secrets(providers, literal);
    }

    /** Whether a worker has providers, so that its properties may hold references. */
    public static boolean areNamedIn(Map<String, String> worker) {
        return !names(worker, NAMES).isEmpty();
    }

    private static List<String> names(Map<String, String> worker, String key) {
        return Arrays.stream(worker.getOrDefault(key, "").split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private static GuardedProvider open(String name, Map<String, String> worker, Plugins plugins) {
        String key = NAMES + "." + name + ".class";
        String type = worker.get(key);
        if (type == null || type.isBlank()) {
            throw new ConfigException(NAMES + " names '" + name + "', but " + key
                    + " is missing. Set it to the provider's class, or take the name out of " + NAMES + ".");
        }
        String prefix = NAMES + "." + name + ".param.";
        Map<String, String> parameters = new LinkedHashMap<>();
        worker.forEach((given, value) -> {
            if (given.startsWith(prefix)) {
                parameters.put(given.substring(prefix.length()), value);
            }
        });
        return WorkerPlugin.of(key, type, () -> {
            GuardedProvider provider = new GuardedProvider(name, plugins.newConfigProvider(type.strip()));
            provider.configure(parameters);
            return provider;
        });
    }

    /**
     * The worker's properties with all references replaced, but for those of the providers themselves.
     *
     * @throws ConfigException if a provider does not have a value, or fails
     */
    public Map<String, String> resolveWorker(Map<String, String> properties) {
        if (providers.isEmpty()) {
            return properties;
        }
        Map<String, @Nullable String> open = new LinkedHashMap<>(properties);
        open.keySet().removeIf(key -> key.equals(NAMES) || key.startsWith(NAMES + "."));
        Map<String, String> resolved = new LinkedHashMap<>(properties);
        try {
            resolve(open).forEach((key, value) -> resolved.put(key, String.valueOf(value)));
        } catch (ConnectException e) {
            throw new ConfigException("The worker's properties refer to a value that cannot be had. " + e.getMessage());
        }
        return resolved;
    }

    /** Who is told when a value's time is over. */
    public void restartWith(ValuesExpired restart) {
        reloads.restartWith(restart);
    }

    /**
     * The config that a connector starts with. Values that live for a time only will have it restarted, unless it says
     * {@code config.action.reload=none}; what was planned for those of its last start is no more. Blocks as long as the providers take.
     */
    public Map<String, @Nullable String> resolveForConnector(
            ConnectorName connector, Map<String, @Nullable String> config) {
        return resolve(connector, config, config, true);
    }

    /**
     * A config that a task starts with or asks for while it runs. Values that live for a time only have the connector restarted, but a restart that is due
     * sooner stays: the others of its values are in use, and a plugin may ask so often that none would ever come. Blocks as long as the providers take.
     */
    public Map<String, @Nullable String> resolveForTask(
            ConnectorName connector,
            Map<String, @Nullable String> connectorConfig,
            Map<String, @Nullable String> config) {
        return resolve(connector, connectorConfig, config, false);
    }

    private Map<String, @Nullable String> resolve(
            ConnectorName connector,
            Map<String, @Nullable String> connectorConfig,
            Map<String, @Nullable String> config,
            boolean anew) {
        Resolution resolution = new Resolution(providers, literal);
        Map<String, @Nullable String> resolved = resolution.resolve(config);
        reloads.plan(connector, connectorConfig, resolution.ttls(), anew);
        return resolved;
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

    /** What {@code use} says of a config with all references replaced; a failure of it, of whatever class, tells none of the values. */
    public <T> T with(Map<String, @Nullable String> config, Function<Map<String, @Nullable String>, T> use) {
        Map<String, @Nullable String> resolved = resolve(config);
        try {
            return use.apply(resolved);
        } catch (Throwable e) { // also errors, and checked exceptions, which Scala and Kotlin let through
            throw Secrets.<RuntimeException>asItIs(hidden(config, resolved, e));
        }
    }

    /**
     * What {@code check} says of the worker's properties; what it refuses is told with the references that the properties were given with.
     *
     * @throws ConfigException that tells none of the values that providers gave
     */
    public static <T> T checked(Map<String, String> given, Map<String, String> resolved, Supplier<T> check) {
        try {
            return check.get();
        } catch (ConfigException e) {
            String text = String.valueOf(e.getMessage());
            String hidden = Resolved.between(new LinkedHashMap<>(given), new LinkedHashMap<>(resolved))
                    .hiddenInConfigText(text);
            throw hidden.equals(text) ? e : new ConfigException(hidden);
        }
    }

    /** The failure of something to which {@code resolved} is known, but for the values that are not in {@code config}. */
    public static Throwable hidden(
            Map<String, @Nullable String> config, Map<String, @Nullable String> resolved, Throwable failure) {
        return Resolved.between(config, resolved).withoutShort().hiddenIn(failure);
    }

    /** A checked exception that nobody declared goes on as it came. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // Nothing is cast: the parameter is for the compiler alone.
    private static <E extends Throwable> E asItIs(Throwable failure) throws E {
        throw (E) failure;
    }

    @Override
    public void close() {
        reloads.close();
        providers.values().forEach(GuardedProvider::close);
    }
}
