/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Asks plugins for their versions, once each, and picks among several versions of one class (KIP-891). */
final class PluginVersions {
    static final String UNDEFINED = "undefined";

    private final Map<FoundPlugin, String> known = new ConcurrentHashMap<>();

    /** The version of a plugin; makes an instance the first time. */
    String of(FoundPlugin plugin) {
        return known.computeIfAbsent(plugin, PluginVersions::ask);
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
        } catch (RuntimeException e) {
            throw new ConnectException(
                    "The plugin " + plugin.className() + " (from " + plugin.location()
                            + ") failed when asked for its version: " + e,
                    e);
        }
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
     * @param requested a version or a range; null for the newest of the first place that has one
     */
    FoundPlugin choose(List<FoundPlugin> found, @Nullable String requested, String name) {
        List<FoundPlugin> candidates = usable(found);
        FoundPlugin first = candidates.get(0);
        if (requested == null || requested.isBlank() || requested.equals("latest")) {
            return candidates.stream()
                    .filter(plugin -> plugin.tier() == first.tier())
                    .reduce((a, b) -> PluginVersion.parse(of(b)).compareTo(PluginVersion.parse(of(a))) > 0 ? b : a)
                    .orElse(first);
        }
        VersionRange range = VersionRange.parse(requested);
        return candidates.stream()
                .filter(plugin -> range.contains(PluginVersion.parse(of(plugin))))
                .reduce((a, b) -> PluginVersion.parse(of(b)).compareTo(PluginVersion.parse(of(a))) > 0 ? b : a)
                .orElseThrow(() -> new PluginNotFoundException("No version of " + name + " matches " + requested
                        + "; installed: "
                        + candidates.stream().map(this::of).distinct().toList()));
    }
}
