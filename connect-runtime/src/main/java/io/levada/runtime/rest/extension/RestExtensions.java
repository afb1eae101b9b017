/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.extension;

import io.levada.runtime.herder.Herder;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.metrics.PluginMeters;
import io.levada.runtime.plugins.PluginClose;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.plugins.WorkerPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The extensions that {@code rest.extension.classes} names, in the jars that run them. */
public final class RestExtensions implements ExtensionHost {
    /** The worker's key that names them. */
    public static final String KEY = "rest.extension.classes";

    private static final Logger LOGGER = LoggerFactory.getLogger(RestExtensions.class);

    private final ExtensionHost host;
    private final @Nullable URLClassLoader jars;
    private final List<OwnPluginMetrics> metrics;

    private RestExtensions(ExtensionHost host, @Nullable URLClassLoader jars, List<OwnPluginMetrics> metrics) {
        this.host = host;
        this.jars = jars;
        this.metrics = List.copyOf(metrics);
    }

    /** Throws {@link ConfigException} that names key and class of one that is not there; runs no code of them. */
    public static void check(List<String> names, Plugins plugins) {
        names.forEach(name -> WorkerPlugin.of(KEY, name, () -> plugins.className(PluginType.REST_EXTENSION, name)));
    }

    /**
     * Finds, configures and registers them; runs plugin code and blocks.
     *
     * @param names their classes, in order
     * @param worker the worker's properties, which each is configured with
     * @param meters what they measure of themselves is shown there (KIP-877)
     * @param folder of the jars that run extensions; null, or no folder, if they are on the class path
     * @param ownRoots the first segments of the paths of the worker's own API
     * @throws ConfigException that names key and class of the one that is missing or fails
     */
    public static RestExtensions open(
            List<String> names,
            Map<String, String> worker,
            Plugins plugins,
            Herder herder,
            PluginMeters meters,
            @Nullable Path folder,
            Set<String> ownRoots) {
        URLClassLoader jars = folder != null && Files.isDirectory(folder) ? loaderOf(folder) : null;
        ClassLoader loader = jars == null ? RestExtensions.class.getClassLoader() : jars;
        plugins.lend(loader);
        List<ConnectRestExtension> extensions = new ArrayList<>();
        List<OwnPluginMetrics> metrics = new ArrayList<>();
        boolean given = false;
        try {
            ExtensionHostFactory factory = ServiceLoader.load(ExtensionHostFactory.class, loader)
                    .findFirst()
                    .orElseThrow(
                            () -> new ConfigException(KEY + " is set, but this installation lacks the jars that run"
                                    + " REST extensions (lib/rest-extensions of the distribution"
                                    + (folder == null ? "" : ", looked for in " + folder) + ")."));
            names.forEach(name -> configure(name, worker, plugins, extensions));
            for (ConnectRestExtension extension : extensions) {
                OwnPluginMetrics own = meters.ofWorkerPlugin(KEY, extension.getClass());
                metrics.add(own);
                own.giveWorkerPlugin(KEY, extension);
            }
            given = true;
            return new RestExtensions(
                    factory.open(extensions, new HerderClusterState(herder), ownRoots), jars, metrics);
        } catch (RuntimeException e) {
            if (!given) {
                extensions.forEach(extension -> PluginClose.of(KEY, extension.getClass(), extension));
            }
            metrics.forEach(OwnPluginMetrics::close);
            close(jars);
            throw e;
        }
    }

    /** Adds the extension as soon as it is made, so that it is closed also if it cannot be configured. */
    private static void configure(
            String name, Map<String, String> worker, Plugins plugins, List<ConnectRestExtension> made) {
        ConnectRestExtension extension = WorkerPlugin.of(
                KEY, name, () -> (ConnectRestExtension) plugins.newPlugin(PluginType.REST_EXTENSION, name));
        made.add(extension);
        ConnectRestExtension unused =
                WorkerPlugin.of(KEY, name, extension.getClass().getClassLoader(), () -> {
                    extension.configure(worker);
                    LOGGER.atInfo()
                            .addKeyValue("class", extension.getClass().getName())
                            .addKeyValue("version", extension.version())
                            .log("REST extension loaded");
                    return extension;
                });
    }

    private static URLClassLoader loaderOf(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            URL[] urls = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(RestExtensions::url)
                    .toArray(URL[]::new);
            return new URLClassLoader("rest-extensions", urls, RestExtensions.class.getClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file path is always a URL: " + path, e);
        }
    }

    @Override
    public CompletionStage<HttpReply> handle(HttpCall call, OwnApi own) {
        return host.handle(call, own);
    }

    @Override
    public void close() {
        host.close();
        metrics.forEach(OwnPluginMetrics::close);
        close(jars);
    }

    private static void close(@Nullable URLClassLoader jars) {
        if (jars != null) {
            try {
                jars.close();
            } catch (IOException e) {
                LOGGER.atWarn().addKeyValue("error", e.toString()).log("could not close the loader of REST extensions");
            }
        }
    }
}
