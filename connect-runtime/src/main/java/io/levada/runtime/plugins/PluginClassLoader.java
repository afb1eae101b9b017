/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.security.CodeSource;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Loads one plugin location, its own classes first. Shared classes ({@link SharedClasses}) come from the worker; a class of
 * {@code org.apache.kafka} that the worker does not have may come from the plugin, and else from {@link ApacheClasses}. What a plugin of {@code plugin.path} has
 * written to end the process does not ({@link ExitCalls}).
 */
final class PluginClassLoader extends URLClassLoader {
    /** What the name of such a loader begins with; the location follows. Stack traces show it. */
    static final String NAMED = "plugin ";

    static {
        registerAsParallelCapable();
    }

    private final CrossPluginLoader parent;
    /** Whether its classes may be written to end the process; those that come with Levada are not. */
    private final boolean mayEndTheProcess;

    PluginClassLoader(PluginLocation location, CrossPluginLoader parent) {
        super(NAMED + location.name(), location.urls(), parent);
        this.parent = parent;
        this.mayEndTheProcess = location.tier() == PluginLocation.Tier.PLUGIN_PATH;
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

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        if (!mayEndTheProcess || findResource(file) == null) {
            return super.findClass(name);
        }
        try (InputStream in = getResourceAsStream(file)) {
            Optional<byte[]> guarded = in == null ? Optional.empty() : ExitCalls.guarded(in.readAllBytes());
            return guarded.isPresent() ? define(name, guarded.get(), file) : super.findClass(name);
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " cannot be read", e);
        }
    }

    /** As the class would be defined that was read: of the same place, signer and package. */
    private Class<?> define(String name, byte[] classFile, String file) throws IOException {
        URL url = Objects.requireNonNull(findResource(file));
        URLConnection connection = url.openConnection();
        connection.setUseCaches(false);
        URL location;
        Certificate[] signers = null;
        Manifest manifest = null;
        if (connection instanceof JarURLConnection jar) {
            try (InputStream in = jar.getInputStream()) {
                in.readAllBytes(); // who has signed it is known at its end
                location = jar.getJarFileURL();
                signers = jar.getCertificates();
                manifest = jar.getManifest();
            }
        } else {
            String text = url.toString();
            location = new URL(text.substring(0, text.length() - file.length()));
        }
        definePackageOf(name, manifest, location);
        return defineClass(name, classFile, 0, classFile.length, new CodeSource(location, signers));
    }

    private void definePackageOf(String name, @Nullable Manifest manifest, URL location) {
        String packageName = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        if (manifest != null && !packageName.isEmpty() && getDefinedPackage(packageName) == null) {
            try {
                definePackage(packageName, manifest, location);
            } catch (IllegalArgumentException definedMeanwhile) {
                // By a thread that loads another of its classes.
            }
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
