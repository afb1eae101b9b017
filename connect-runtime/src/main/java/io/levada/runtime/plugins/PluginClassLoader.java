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
 * Loads one plugin location, its own classes first. Shared classes ({@link SharedClasses}) come from the parent; a class of
 * {@code org.apache.kafka} that the worker does not have (Connect's runtime, which MirrorMaker uses) may come from the plugin.
 */
final class PluginClassLoader extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final ClassLoader parent;

    PluginClassLoader(PluginLocation location, ClassLoader parent) {
        super("plugin " + location.name(), location.urls(), parent);
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
            Class<?> shared = orNull(parent, name);
            return shared != null ? shared : findClass(name);
        }
        if (SharedClasses.mayBeOfTheJdk(name)) {
            Class<?> jdk = orNull(getPlatformClassLoader(), name);
            if (jdk != null) {
                return jdk;
            }
        }
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
