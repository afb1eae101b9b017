/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.jdbc.dialect.DriverName;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Finds JDBC drivers: first among the connector's own classes, then in the folders {@code drivers} within the connector's plugin
 * folder and beside it, where users drop the jars of those that we do not ship. Only classes that a dialect names are loaded, and
 * the JVM's {@link java.sql.DriverManager} is not asked: a URL chooses no driver by itself.
 */
final class Drivers {

    static final String FOLDER = "drivers";

    /** A driver stays with its class loader for as long as the connector's classes do. */
    private static final Map<String, Driver> LOADED = new ConcurrentHashMap<>();

    private static final Map<Jars, ClassLoader> LOADERS = new ConcurrentHashMap<>();

    private record Jars(List<String> urls, @Nullable ClassLoader own) {}

    private Drivers() {}

    /**
     * Gives the driver.
     *
     * @throws ConnectException that names class, artifact and folders, if there is none
     */
    static Driver of(DriverName name) {
        return LOADED.computeIfAbsent(
                name.className(), missing -> load(name, Drivers.class.getClassLoader(), folders(home())));
    }

    /** Where dropped-in jars are looked for. */
    static List<Path> folders(@Nullable Path home) {
        if (home == null) {
            return List.of();
        }
        Path parent = home.getParent();
        return parent == null ? List.of(home.resolve(FOLDER)) : List.of(home.resolve(FOLDER), parent.resolve(FOLDER));
    }

    /** The folder of the connector's own jar, its plugin folder; null if classes do not come from a file. */
    private static @Nullable Path home() {
        CodeSource source = Drivers.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI()).getParent();
        } catch (URISyntaxException | IllegalArgumentException | java.nio.file.FileSystemNotFoundException e) {
            return null;
        }
    }

    static Driver load(DriverName name, @Nullable ClassLoader own, List<Path> folders) {
        Optional<Class<?>> found = find(name.className(), own, folders);
        if (found.isPresent()) {
            return instance(found.get());
        }
        throw new ConnectException("the driver " + name.className() + " is not here: put its jar (" + name.artifact()
                + ") into " + (folders.isEmpty() ? "the connector's plugin folder" : where(folders))
                + " and restart the worker; it is not shipped with this connector");
    }

    /** A class among the connector's own, or among the drivers. */
    static Optional<Class<?>> find(String className) {
        return find(className, Drivers.class.getClassLoader(), folders(home()));
    }

    private static Optional<Class<?>> find(String className, @Nullable ClassLoader own, List<Path> folders) {
        Optional<Class<?>> found = find(className, own);
        for (Path folder : folders) {
            if (found.isEmpty()) {
                List<URL> jars = jars(folder);
                found = jars.isEmpty() ? found : find(className, loader(jars, own));
            }
        }
        return found;
    }

    private static Optional<Class<?>> find(String className, @Nullable ClassLoader loader) {
        try {
            return Optional.of(Class.forName(className, true, loader));
        } catch (ClassNotFoundException ignored) { // then it may be somewhere else
            return Optional.empty();
        }
    }

    /** One for the same jars and the life of the connector's own loader: classes keep what they know, and jars are opened once. */
    private static ClassLoader loader(List<URL> jars, @Nullable ClassLoader own) {
        Jars key = new Jars(jars.stream().map(URL::toString).toList(), own);
        return LOADERS.computeIfAbsent(key, missing -> new URLClassLoader(jars.toArray(URL[]::new), own));
    }

    private static String where(List<Path> folders) {
        return String.join(" or ", folders.stream().map(Path::toString).toList());
    }

    private static List<URL> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".jar")) {
                    jars.add(file.toUri().toURL());
                }
            }
        } catch (MalformedURLException e) {
            throw new IllegalStateException("no URL of a file in " + folder, e);
        } catch (IOException e) {
            throw new ConnectException("cannot look for drivers in " + folder + ": " + e.getMessage(), e);
        }
        return jars;
    }

    private static Driver instance(Class<?> type) {
        try {
            return (Driver) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            throw new ConnectException("the driver " + type.getName() + " cannot be used: " + e, e);
        }
    }
}
