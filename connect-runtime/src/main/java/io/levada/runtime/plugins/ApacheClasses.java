/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Classes of Apache Kafka Connect's worker that plugins use without bringing them, as there they need not: {@code JsonConverter},
 * transforms that others extend, {@code ConnectorConfig}. All plugins see the same ones, after their own and after what they share with
 * the worker; the worker itself never does. One release of them, that of the worker's {@code kafka-clients} and {@code connect-api}.
 *
 * <p>A jar is opened when a plugin first asks for something that is nowhere else.
 */
final class ApacheClasses extends URLClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String SERVICES = "META-INF/services/";
    private static final String OF_KAFKA = SERVICES + "org.apache.kafka.";

    private final CrossPluginLoader shared;

    private ApacheClasses(URL[] jars, CrossPluginLoader shared) {
        super("apache", jars, shared);
        this.shared = shared;
    }

    /**
     * The jars of a folder.
     *
     * @param folder null, or one that does not exist, has none
     * @param shared what plugins share with the worker
     */
    static ApacheClasses in(@Nullable Path folder, CrossPluginLoader shared) {
        if (folder == null || !Files.isDirectory(folder)) {
            return new ApacheClasses(new URL[0], shared);
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return new ApacheClasses(
                    entries.filter(PluginLocation::isJar)
                            .sorted()
                            .map(PluginLocation::url)
                            .toArray(URL[]::new),
                    shared);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder of Apache's classes for plugins " + folder, e);
        }
    }

    /** The worker's own class first, as values of it pass between plugins and the worker. Asks without a lock: see {@link #own}. */
    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Class<?> ofWorker = shared.ofWorker(name);
        if (ofWorker != null) {
            return ofWorker;
        }
        Class<?> own = own(name);
        if (own == null) {
            throw new ClassNotFoundException(name);
        }
        return own;
    }

    /** A class of these jars; null if they do not hold it. Holds a lock, and calls no other loader while it does. */
    @Nullable
    Class<?> own(String name) {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null || getURLs().length == 0) {
                return loaded;
            }
            try {
                return findClass(name);
            } catch (ClassNotFoundException absent) {
                return null;
            }
        }
    }

    /**
     * Whether plugins see a resource of these jars. Service files of other interfaces are left out: what they name was compiled against
     * the worker's copy of a library, and a plugin that brings the library itself would fail to make it one of its own.
     */
    static boolean shows(String resource) {
        return !resource.startsWith(SERVICES) || resource.startsWith(OF_KAFKA);
    }
}
