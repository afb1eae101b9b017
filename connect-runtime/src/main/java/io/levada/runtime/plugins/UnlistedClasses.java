/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.plugins.PluginLocation.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Finds a class by its full name in whatever location has it, though it is of no {@link PluginType}: a metrics reporter is declared
 * and listed nowhere. The worker has its own of what {@link SharedClasses} names, such as Kafka's reporter of metrics; for others,
 * locations are asked in the order in which their plugins win, then the class path.
 */
final class UnlistedClasses implements AutoCloseable {
    private final PluginSearch search;
    private final ClassLoader app;
    private final CrossPluginLoader parent;
    private final Map<String, ClassLoader> known;
    private final List<PluginClassLoader> opened = new ArrayList<>();

    /** @param found the plugins, whose locations have loaders already */
    UnlistedClasses(PluginSearch search, ClassLoader app, CrossPluginLoader parent, List<FoundPlugin> found) {
        this.search = search;
        this.app = app;
        this.parent = parent;
        this.known = found.stream()
                .collect(Collectors.toMap(FoundPlugin::location, FoundPlugin::loader, (first, same) -> first));
    }

    /** An instance made by the public constructor without parameters; throws {@link PluginNotFoundException} if no location has it. */
    synchronized <T> T newInstance(String className, Class<T> api) {
        Found found = find(className, api);
        return PluginInstance.of(found.type.asSubclass(api), found.location);
    }

    private record Found(Class<?> type, String location) {}

    /** Throws as {@link #newInstance} does for a class that is not there or of another kind, and runs no code of it. */
    synchronized void check(String className, Class<?> api) {
        Found unused = find(className, api);
    }

    private Found find(String className, Class<?> api) {
        // Many a folder brings an old copy of Kafka's clients, which would not link to the worker's.
        Class<?> shared = SharedClasses.isShared(className) ? parent.ofWorker(className) : null;
        if (shared != null) {
            return found(shared, api, "classpath");
        }
        for (PluginLocation location : locations()) {
            ClassLoader loader = known.get(location.name());
            PluginClassLoader own =
                    loader instanceof PluginClassLoader open ? open : new PluginClassLoader(location, parent);
            try {
                Class<?> type = own.own(className);
                if (loader == null) {
                    known.put(location.name(), own);
                    opened.add(own);
                }
                return found(type, api, location.name());
            } catch (ClassNotFoundException elsewhere) {
                if (loader == null) {
                    close(own);
                }
            }
        }
        try {
            return found(Class.forName(className, false, app), api, "classpath");
        } catch (ClassNotFoundException nowhere) {
            throw new PluginNotFoundException("There is no class " + className + " in "
                    + (search.pluginPath().isEmpty()
                            ? "the worker (plugin.path is not set)"
                            : "plugin.path " + search.pluginPath())
                    + ". Write its full name, and put the folder of its jars into a folder that plugin.path names.");
        }
    }

    private static Found found(Class<?> type, Class<?> api, String location) {
        if (!api.isAssignableFrom(type)) {
            throw new ConnectException(type.getName() + " of " + location + " is no " + api.getName());
        }
        return new Found(type, location);
    }

    private List<PluginLocation> locations() {
        List<PluginLocation> all = new ArrayList<>();
        search.pluginPath().forEach(folder -> all.addAll(PluginLocation.in(folder, Tier.PLUGIN_PATH)));
        Path bundled = search.bundled();
        if (bundled != null && Files.isDirectory(bundled)) {
            all.addAll(PluginLocation.in(bundled, Tier.BUNDLED));
        }
        return all;
    }

    private static void close(PluginClassLoader loader) {
        try {
            loader.close();
        } catch (IOException e) {
            throw new ConnectException("cannot close " + loader.getName() + " after looking into it", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        for (PluginClassLoader loader : opened) {
            loader.close();
        }
        opened.clear();
    }
}
