/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.threads.ApartThreads;
import io.levada.runtime.threads.Interruption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks plugins for their versions, once each, and picks among several versions of one class (KIP-891). */
final class PluginVersions {
    static final String UNDEFINED = "undefined";

    private static final Logger LOGGER = LoggerFactory.getLogger(PluginVersions.class);
    private final Duration patience;
    private final Map<FoundPlugin, String> known = new ConcurrentHashMap<>();
    /** What is asked on a thread of its own and has not answered. */
    private final Map<FoundPlugin, CompletableFuture<String>> asked = new ConcurrentHashMap<>();
    /** Which of these were waited for in vain. */
    private final Set<FoundPlugin> late = ConcurrentHashMap.newKeySet();

    /** @param patience how long a list waits for one plugin, once, which loads its classes meanwhile */
    PluginVersions(Duration patience) {
        this.patience = patience;
    }

    /** The version of a plugin; makes an instance the first time. */
    String of(FoundPlugin plugin) {
        String version = known.get(plugin);
        if (version == null) {
            version =
                    ask(plugin); // Not under the map's lock: a plugin that hangs would hold up the versions of others.
            known.put(plugin, version);
        }
        return version;
    }

    /** As {@link #of}, for lists of all plugins, which must not wait for one that hangs: that has no version until it answers. */
    String ofPrompt(FoundPlugin plugin) {
        String version = known.get(plugin);
        if (version != null) {
            return version;
        }
        CompletableFuture<String> answer = askedApart(plugin);
        if (!late.contains(plugin)) {
            await(plugin, answer);
        }
        return told(plugin, answer);
    }

    private CompletableFuture<String> askedApart(FoundPlugin plugin) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> before = asked.putIfAbsent(plugin, answer);
        if (before != null) {
            return before;
        }
        Thread thread = ApartThreads.of("levada-plugin-version", () -> {
            try {
                answer.complete(of(plugin));
            } catch (Throwable e) { // of the plugin, at the top of this thread
                answer.completeExceptionally(e);
            } finally {
                asked.remove(plugin);
                late.remove(plugin);
            }
        });
        thread.start();
        return answer;
    }

    private void await(FoundPlugin plugin, CompletableFuture<String> answer) {
        try {
            String unused = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOGGER.atWarn()
                    .addKeyValue("class", plugin.className())
                    .addKeyValue("location", plugin.location())
                    .log("plugin hangs when it is asked for its version, and is listed without");
            late.add(plugin);
        } catch (ExecutionException ignored) {
            // Whoever asks for the answer is told.
        }
    }

    private static String told(FoundPlugin plugin, CompletableFuture<String> answer) {
        try {
            return answer.getNow(UNDEFINED);
        } catch (CompletionException e) {
            throw e.getCause() instanceof ConnectException failed
                    ? failed
                    : new ConnectException("The plugin " + plugin.className() + " cannot be used: " + e.getCause(), e);
        }
    }

    private static String ask(FoundPlugin plugin) {
        Object instance = PluginInstance.of(plugin, plugin.type().api());
        if (!(instance instanceof Versioned versioned)) {
            return UNDEFINED;
        }
        try {
            String version = LoaderSwap.call(plugin.loader(), versioned::version);
            return version == null || version.isBlank() ? UNDEFINED : version;
        } catch (LinkageError e) {
            throw PluginLoadException.of(plugin.className(), plugin.location(), e);
        } catch (Throwable e) {
            Interruption.keep(e);
            throw new ConnectException(
                    "The plugin " + plugin.className() + " (from " + plugin.location()
                            + ") failed when asked for its version: " + e,
                    e);
        }
    }

    /** The versions of plugins, each once, the oldest first; leaves out what cannot be made. */
    List<String> all(List<FoundPlugin> plugins) {
        return usable(plugins).stream()
                .map(this::of)
                .distinct()
                .sorted(Comparator.comparing(PluginVersion::parse))
                .toList();
    }

    private List<FoundPlugin> usable(List<FoundPlugin> found) {
        if (found.size() == 1) {
            return found;
        }
        List<FoundPlugin> usable = found.stream().filter(this::canBeMade).toList();
        return usable.isEmpty() ? found.subList(0, 1) : usable;
    }

    private boolean canBeMade(FoundPlugin plugin) {
        try {
            of(plugin);
            return true;
        } catch (ConnectException broken) {
            return false;
        }
    }

    /**
     * The plugin to use among those of one name.
     *
     * @param found in the order in which they win; not empty. One that cannot be made is passed over if another can
     * @param near which of them lie where the connector lies that asks: these win over newer ones
     */
    FoundPlugin choose(List<FoundPlugin> found, PluginChoice choice, Predicate<FoundPlugin> near) {
        List<FoundPlugin> candidates = usable(found);
        List<FoundPlugin> eligible = choice.asksForVersion() ? matching(candidates, choice) : candidates;
        return eligible.stream().filter(near).findFirst().orElseGet(() -> newest(eligible, choice));
    }

    private List<FoundPlugin> matching(List<FoundPlugin> candidates, PluginChoice choice) {
        VersionRange range = VersionRange.parse(String.valueOf(choice.version()));
        List<FoundPlugin> matching = candidates.stream()
                .filter(plugin -> range.contains(PluginVersion.parse(of(plugin))))
                .toList();
        if (matching.isEmpty()) {
            throw new PluginNotFoundException("No version of " + choice.name() + " matches " + choice.version()
                    + "; installed: " + all(candidates));
        }
        return matching;
    }

    /** Without a wish for a version, the newest of the first place that has one. */
    private FoundPlugin newest(List<FoundPlugin> eligible, PluginChoice choice) {
        FoundPlugin first = eligible.get(0);
        return eligible.stream()
                .filter(plugin -> choice.asksForVersion() || plugin.tier() == first.tier())
                .reduce((a, b) -> PluginVersion.parse(of(b)).compareTo(PluginVersion.parse(of(a))) > 0 ? b : a)
                .orElse(first);
    }
}
