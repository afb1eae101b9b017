/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.spelling.Spelling;
import io.levada.runtime.task.References.Reference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the references of one config and gathers what is wrong with them. Each path of a provider is asked for once, with all keys that are
 * wanted there, so that they belong together. Used by one thread.
 */
final class Resolution {
    private final Map<String, ? extends ConfigProvider> providers;
    private final Set<String> literal;
    private final Map<Source, Found> found = new HashMap<>();
    private final SortedMap<String, String> problems = new TreeMap<>();
    private final Map<String, Long> ttls = new HashMap<>();

    /** @param literal names that look like providers and are none */
    Resolution(Map<String, ? extends ConfigProvider> providers, Set<String> literal) {
        this.providers = providers;
        this.literal = literal;
    }

    private record Source(String provider, String path) {}

    private record Found(
            Map<String, String> values, @Nullable String failure) {}

    /** The config with all references replaced; throws {@link UnresolvedException} that tells all that cannot be. */
    Map<String, @Nullable String> resolve(Map<String, @Nullable String> config) {
        Map<String, References> parsed = new LinkedHashMap<>();
        Map<Source, Set<String>> wanted = new LinkedHashMap<>();
        config.forEach((key, value) -> {
            if (value != null && value.contains("${")) {
                References references = References.in(value);
                parsed.put(key, references);
                references
                        .references()
                        .forEach(reference -> wanted.computeIfAbsent(
                                        new Source(reference.provider(), reference.path()),
                                        first -> new LinkedHashSet<>())
                                .add(reference.key()));
            }
        });
        wanted.forEach(this::ask);
        Map<String, @Nullable String> resolved = new LinkedHashMap<>(config);
        parsed.forEach((key, references) -> resolved.put(key, references.replaced(reference -> value(key, reference))));
        if (!problems.isEmpty()) {
            throw new UnresolvedException(problems);
        }
        return resolved;
    }

    /** How long values may be used, in milliseconds, by the path that they came from; of those that do not last for ever. */
    Map<String, Long> ttls() {
        return ttls;
    }

    private void ask(Source source, Set<String> keys) {
        ConfigProvider provider = providers.get(source.provider);
        if (provider == null) {
            return;
        }
        try {
            ConfigData data = provider.get(source.path, Set.copyOf(keys));
            boolean empty = data == null || data.data() == null;
            if (data != null && data.ttl() != null && data.ttl() >= 0) {
                ttls.merge(source.path, data.ttl(), Math::min); // Two providers may have the same path.
            }
            found.put(source, new Found(empty ? Map.of() : new HashMap<>(data.data()), null));
        } catch (RuntimeException e) {
            // What the guard adds, provider, path and keys, is told already.
            Throwable cause = provider instanceof GuardedProvider && e.getCause() != null ? e.getCause() : e;
            found.put(source, new Found(Map.of(), FailureText.messageOrClass(cause)));
        }
    }

    private @Nullable String value(String key, Reference reference) {
        Found answer = found.get(new Source(reference.provider(), reference.path()));
        if (answer == null) {
            if (!literal.contains(reference.provider())) {
                problem(key, noProvider(reference));
            }
            return null;
        }
        if (answer.failure != null) {
            problem(key, what(reference) + ", but that failed: " + answer.failure);
            return null;
        }
        String value = answer.values.get(reference.key());
        if (value == null) {
            problem(key, noKey(reference));
        }
        return value;
    }

    private void problem(String key, String text) {
        problems.merge(key, key + " refers to " + text, (before, more) -> before + "; " + more);
    }

    private String noProvider(Reference reference) {
        String name = reference.provider();
        return what(reference) + ", which this worker does not have ("
                + (providers.isEmpty()
                        ? "config.providers is not set"
                        : "config.providers=" + String.join(",", new TreeSet<>(providers.keySet())))
                + "). "
                + Spelling.best(name, providers.keySet())
                        .map(near -> "Did you mean " + near + "? ")
                        .orElse("")
                + "List it in the worker's config.providers and set config.providers." + name
                + ".class; or, if ${" + name + ":...} is meant as it stands, list it in config.providers.literal";
    }

    private static String noKey(Reference reference) {
        return what(reference) + ", which has no such key there. Correct the reference or add the key; the provider"
                + " may also be kept from reading there by its own settings, such as allowed.paths";
    }

    private static String what(Reference reference) {
        return "key '" + reference.key() + "'" + (reference.path().isEmpty() ? "" : " of '" + reference.path() + "'")
                + " by config provider '" + reference.provider() + "'";
    }
}
