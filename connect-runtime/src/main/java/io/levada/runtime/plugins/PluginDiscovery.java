/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.plugins.PluginLocation.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for plugins in every location, several locations at a time. The distribution's own folder is read by its manifests alone: they
 * are known to be complete, and that keeps the start short.
 */
final class PluginDiscovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(PluginDiscovery.class);

    private final PluginSearch search;
    private final ClassLoader app;
    private final CrossPluginLoader parent;

    /**
     * @param app the worker's own class loader
     * @param parent the parent of each plugin's loader
     */
    PluginDiscovery(PluginSearch search, ClassLoader app, CrossPluginLoader parent) {
        this.search = search;
        this.app = app;
        this.parent = parent;
    }

    /** All plugins, in the order in which they win: plugin.path, bundled, class path. */
    List<FoundPlugin> find() {
        List<PluginLocation> locations = new ArrayList<>();
        search.checkFolders();
        for (Path folder : search.pluginPath()) {
            locations.addAll(PluginLocation.in(folder, Tier.PLUGIN_PATH));
        }
        Path bundled = search.bundled();
        if (bundled != null && Files.isDirectory(bundled)) {
            locations.addAll(PluginLocation.in(bundled, Tier.BUNDLED));
        }
        List<FoundPlugin> found = new ArrayList<>();
        locations.parallelStream().map(this::pluginsOf).toList().forEach(found::addAll);
        found.addAll(onClassPath());
        return found;
    }

    private List<FoundPlugin> pluginsOf(PluginLocation location) {
        try {
            Map<PluginType, Set<String>> names = new EnumMap<>(PluginType.class);
            boolean trusted = location.tier() == Tier.BUNDLED;
            if (trusted || search.mode().readsManifests()) {
                merge(names, ServiceManifests.of(location));
            }
            if (!trusted && search.mode().scans()) {
                Map<PluginType, Set<String>> scanned = LocationScan.of(location, parent);
                reportUndeclared(location, names, scanned);
                merge(names, scanned);
            }
            if (names.isEmpty()) {
                return List.of();
            }
            return listed(names, location.name(), location.tier(), new PluginClassLoader(location, parent));
        } catch (IOException | UncheckedIOException e) {
            if (location.tier() == Tier.BUNDLED) {
                throw new IllegalStateException("cannot read the plugin " + location.name() + ": " + e.getMessage(), e);
            }
            // Such as a jar that was copied in part: no reason to keep the others from running.
            LOGGER.atError()
                    .addKeyValue("location", location.name())
                    .addKeyValue("error", e.toString())
                    .log("plugin cannot be read and is left out; copy it anew, or take it out of plugin.path");
            return List.of();
        }
    }

    private void reportUndeclared(
            PluginLocation location, Map<PluginType, Set<String>> declared, Map<PluginType, Set<String>> scanned) {
        List<String> undeclared = new ArrayList<>();
        scanned.forEach((type, names) -> names.stream()
                .filter(name -> !declared.getOrDefault(type, Set.of()).contains(name))
                .forEach(undeclared::add));
        if (undeclared.isEmpty()) {
            return;
        }
        if (search.mode() == DiscoveryMode.HYBRID_FAIL) {
            throw new ConfigException("plugin.discovery=hybrid_fail, and " + location.name()
                    + " has plugins that no file in META-INF/services declares: " + undeclared
                    + ". Add such a file or set plugin.discovery=hybrid_warn.");
        }
        if (search.mode() == DiscoveryMode.HYBRID_WARN) {
            LOGGER.atDebug()
                    .addKeyValue("location", location.name())
                    .addKeyValue("classes", undeclared)
                    .log("plugins without a service manifest; plugin.discovery=service_load would not find them");
        }
    }

    private List<FoundPlugin> onClassPath() {
        try {
            return listed(ServiceManifests.of(app), "classpath", Tier.CLASS_PATH, app);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the service manifests on the class path", e);
        }
    }

    private static void merge(Map<PluginType, Set<String>> into, Map<PluginType, Set<String>> from) {
        from.forEach((type, names) ->
                into.computeIfAbsent(type, t -> new LinkedHashSet<>()).addAll(names));
    }

    private static List<FoundPlugin> listed(
            Map<PluginType, Set<String>> names, String location, Tier tier, ClassLoader loader) {
        List<FoundPlugin> found = new ArrayList<>();
        names.forEach((type, classes) ->
                classes.forEach(name -> found.add(new FoundPlugin(name, type, location, tier, loader))));
        return found;
    }
}
