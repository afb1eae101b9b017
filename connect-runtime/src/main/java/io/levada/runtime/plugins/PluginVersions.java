/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.threads.Interruption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
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
    private final Patience patience;
    private final Map<FoundPlugin, String> known = new ConcurrentHashMap<>();
    private final ApartQuestions<FoundPlugin, String> apart;

    /**
     * How long a list waits for plugins that do not say their version, once for each; it loads their classes meanwhile.
     *
     * @param first for one
     * @param further for each that comes behind one that did not say it in time
     */
    record Patience(Duration first, Duration further) {}

    PluginVersions(Patience patience, ApartQuestions.Waiting waiting) {
        this.patience = patience;
        this.apart = new ApartQuestions<>("levada-plugin-version", this::of, waiting);
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

    /** For one list of plugins, which must not wait for long where some hang. One thread at a time. */
    Listing listing() {
        return new Listing();
    }

    /** Versions for one list. */
    final class Listing {
        private Duration timeMax = patience.first();

        private Listing() {}

        /** As {@link PluginVersions#of}; one that hangs has no version until it answers. */
        String of(FoundPlugin plugin) {
            String version = known.get(plugin);
            if (version != null) {
                return version;
            }
            return apart.hangs(plugin) ? UNDEFINED : askedApart(plugin);
        }

        private String askedApart(FoundPlugin plugin) {
            try {
                return apart.answer(plugin, timeMax);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return UNDEFINED;
            } catch (TimeoutException e) {
                timeMax = patience.further();
                LOGGER.atWarn()
                        .addKeyValue("class", plugin.className())
                        .addKeyValue("location", plugin.location())
                        .log("plugin hangs when it is asked for its version, and is listed without");
                return UNDEFINED;
            } catch (ExecutionException e) {
                throw e.getCause() instanceof ConnectException failed
                        ? failed
                        : new ConnectException(
                                "The plugin " + plugin.className() + " cannot be used: "
                                        + FailureText.of(Objects.requireNonNull(e.getCause())),
                                e);
            }
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
                            + ") failed when asked for its version: " + FailureText.of(e),
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
