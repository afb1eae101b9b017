/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.plugins.PluginLocation.Tier;
import io.levada.runtime.spelling.Spelling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** All plugins that were found, looked up by full name, short name, or a name of another project. Immutable but for a cache. */
final class PluginCatalog {
    private final List<FoundPlugin> all;
    private final Map<String, List<FoundPlugin>> byClassName;
    private final PluginSearch search;
    private final ClassLoader app;
    private final Map<String, Optional<FoundPlugin>> unlisted = new ConcurrentHashMap<>();

    /** @param found in the order in which they win */
    PluginCatalog(List<FoundPlugin> found, PluginSearch search, ClassLoader app) {
        this.all = List.copyOf(found);
        this.byClassName = all.stream().collect(Collectors.groupingBy(FoundPlugin::className));
        this.search = search;
        this.app = app;
    }

    /** Everything, in the order of type and name. */
    List<FoundPlugin> all() {
        return all.stream()
                .sorted(Comparator.comparing(FoundPlugin::type).thenComparing(FoundPlugin::className))
                .toList();
    }

    /** Every version of a class that was found, as one of the types, in the order in which they win. */
    List<FoundPlugin> versions(String className, List<PluginType> types) {
        return byClassName.getOrDefault(className, List.of()).stream()
                .filter(plugin -> types.contains(plugin.type()))
                .toList();
    }

    /** The plugins called {@code name}: one class, perhaps in several places. Throws {@link PluginNotFoundException}. */
    List<FoundPlugin> named(String name, List<PluginType> types) {
        List<FoundPlugin> exact = versions(name, types);
        if (!exact.isEmpty()) {
            return exact;
        }
        List<String> called = called(name, types);
        if (called.size() > 1) {
            throw new PluginNotFoundException("More than one " + kind(types) + " is called " + name + ": " + called
                    + ". Use the full class name.");
        }
        if (called.size() == 1) {
            return versions(called.get(0), types);
        }
        return aliased(name, types)
                .or(() -> onClassPath(name, types))
                .map(List::of)
                .orElseThrow(() -> missing(name, types));
    }

    /** The class that {@link #named} finds for one of the types, by what was found at the start alone; empty if that has none, or more than one. */
    Optional<String> className(String name, PluginType type) {
        List<PluginType> types = List.of(type);
        if (!versions(name, types).isEmpty()) {
            return Optional.of(name);
        }
        List<String> called = called(name, types);
        return called.isEmpty()
                ? Aliases.of(name)
                        .map(Aliases.Alias::target)
                        .filter(target -> !versions(target, types).isEmpty())
                : Optional.of(called.get(0)).filter(only -> called.size() == 1);
    }

    /** The classes of the first place that has any with this short name. */
    private List<String> called(String name, List<PluginType> types) {
        for (Tier tier : Tier.values()) {
            List<String> called = all.stream()
                    .filter(plugin -> plugin.tier() == tier && types.contains(plugin.type()) && plugin.isCalled(name))
                    .map(FoundPlugin::className)
                    .distinct()
                    .sorted()
                    .toList();
            if (!called.isEmpty()) {
                return called;
            }
        }
        return List.of();
    }

    private Optional<FoundPlugin> aliased(String name, List<PluginType> types) {
        return Aliases.of(name)
                .flatMap(alias -> versions(alias.target(), types).stream()
                        .findFirst()
                        .or(() -> onClassPath(alias.target(), types)));
    }

    /** A class of the worker's own class path that no manifest declares, as an application that embeds the worker may have. */
    private Optional<FoundPlugin> onClassPath(String name, List<PluginType> types) {
        return unlisted.computeIfAbsent(name + types, key -> {
            try {
                Class<?> type = Class.forName(name, false, app);
                return types.stream()
                        .filter(candidate -> candidate.api().isAssignableFrom(type))
                        .findFirst()
                        .map(found -> new FoundPlugin(name, found, "classpath", Tier.CLASS_PATH, app));
            } catch (ClassNotFoundException | LinkageError absent) {
                return Optional.empty();
            }
        });
    }

    private PluginNotFoundException missing(String name, List<PluginType> types) {
        List<FoundPlugin> installed =
                all.stream().filter(plugin -> types.contains(plugin.type())).toList();
        List<String> nearest = nearest(name, installed);
        String searched = search.pluginPath().isEmpty() ? "plugin.path is not set" : "searched " + search.pluginPath();
        return new PluginNotFoundException("Failed to find any class that implements " + kind(types)
                + " and which name matches " + name + " (" + searched + "). "
                + (installed.isEmpty() ? "No plugin is a " + kind(types) + ". " : "")
                + (nearest.isEmpty() ? "" : "The nearest that are installed: " + nearest + ". ")
                + "To add one, put its folder of jars into a folder that plugin.path names, and restart the worker.");
    }

    /** Classes of the same short name, or nearly the same; a name that resembles nothing is not helped by any. */
    private static List<String> nearest(String name, List<FoundPlugin> installed) {
        List<String> alike = new ArrayList<>(List.of(simple(name)));
        alike.addAll(Spelling.nearest(
                simple(name),
                installed.stream().flatMap(FoundPlugin::shortNames).toList()));
        return installed.stream()
                .filter(other -> other.shortNames().anyMatch(alike::contains))
                .sorted(Comparator.comparingInt((FoundPlugin other) -> place(other, alike))
                        .thenComparing(FoundPlugin::className))
                .map(FoundPlugin::className)
                .distinct()
                .limit(5)
                .toList();
    }

    /** That of the best of its names. */
    private static int place(FoundPlugin plugin, List<String> alike) {
        return plugin.shortNames()
                .mapToInt(alike::indexOf)
                .filter(place -> place >= 0)
                .min()
                .orElse(alike.size());
    }

    /** Packages are seldom what was mistyped. */
    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    private static String kind(List<PluginType> types) {
        return types.equals(PluginType.CONNECTORS)
                ? "Connector"
                : types.get(0).api().getSimpleName();
    }
}
