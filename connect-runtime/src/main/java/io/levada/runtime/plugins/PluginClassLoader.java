/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads one plugin location, its own classes first. Shared classes ({@link SharedClasses}) come from the worker; a class of
 * {@code org.apache.kafka} that the worker does not have may come from the plugin, and else from {@link ApacheClasses}.
 */
final class PluginClassLoader extends URLClassLoader {
    /** What the name of such a loader begins with; the location follows. Stack traces show it. */
    static final String NAMED = "plugin ";

    static {
        registerAsParallelCapable();
    }

    private final CrossPluginLoader parent;

    PluginClassLoader(PluginLocation location, CrossPluginLoader parent) {
        super(NAMED + location.name(), location.urls(), parent);
        this.parent = parent;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                loaded = find(name);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    private Class<?> find(String name) throws ClassNotFoundException {
        if (SharedClasses.isShared(name)) {
            Class<?> shared = parent.ofWorker(name);
            return shared != null ? shared : ownOrGiven(name);
        }
        if (SharedClasses.mayBeOfTheJdk(name)) {
            Class<?> jdk = orNull(getPlatformClassLoader(), name);
            if (jdk != null) {
                return jdk;
            }
        }
        return ownOrGiven(name);
    }

    private Class<?> ownOrGiven(String name) throws ClassNotFoundException {
        try {
            return findClass(name);
        } catch (ClassNotFoundException notHere) {
            return parent.loadClass(name);
        }
    }

    /** A class that this location holds itself; never asks the parent. */
    Class<?> own(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : findClass(name);
        }
    }

    private static @Nullable Class<?> orNull(ClassLoader loader, String name) {
        try {
            return loader.loadClass(name);
        } catch (ClassNotFoundException absent) {
            return null;
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
        all.addAll(Collections.list(parent.getResources(name)));
        return Collections.enumeration(all);
    }
}
