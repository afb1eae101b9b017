/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.Closeable;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.jspecify.annotations.Nullable;

/**
 * Parent of every plugin's loader. In this order it gives: the worker's classes; those of Kafka that have moved, under their old names;
 * {@link ApacheClasses}; and plugins of other locations by their exact class name, so that a connector can load a converter or a format
 * that is installed beside it.
 */
final class CrossPluginLoader extends ClassLoader implements Closeable {
    static {
        registerAsParallelCapable();
    }

    private static final String APACHE_SINK_CONTEXT = "io.levada.apache.ApacheSinkContext";

    private final MovedKafkaClasses moved;
    private final ApacheClasses apache;
    private volatile @Nullable ClassLoader lent;
    private volatile Function<String, List<FoundPlugin>> plugins = name -> List.of();

    /**
     * @param app the worker's own class loader
     * @param apacheJars the folder of {@link ApacheClasses}; null if there is none
     */
    CrossPluginLoader(ClassLoader app, @Nullable Path apacheJars) {
        super("plugins", app);
        this.moved = new MovedKafkaClasses(app);
        this.apache = ApacheClasses.in(apacheJars, this);
    }

    /** Called once, when all locations have been searched. */
    void knowing(Function<String, List<FoundPlugin>> found) {
        plugins = found;
    }

    /** The last place to look; no plugin class is loaded from there if any other loader has it. */
    void lend(ClassLoader loader) {
        lent = loader;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Class<?> given = ofWorker(name);
        if (given == null) {
            given = apache.own(name);
        }
        if (given != null) {
            return given;
        }
        for (FoundPlugin plugin : plugins.apply(name)) {
            if (plugin.loader() instanceof PluginClassLoader loader) {
                return loader.own(name);
            }
        }
        ClassLoader other = lent;
        if (other != null) {
            return other.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    /** A class of the worker's own, under its present or an old name; null if the worker has none. */
    @Nullable
    Class<?> ofWorker(String name) {
        try {
            return super.loadClass(name, false);
        } catch (ClassNotFoundException notOurs) {
            Optional<byte[]> renamed = moved.underOldName(name);
            return renamed.isPresent() ? defineOnce(name, renamed.get()) : null;
        }
    }

    /** The worker's context of a sink task as an instance of Apache's class; as it is where that class is not given to plugins. */
    SinkTaskContext contextOf(SinkTaskContext worker, Consumer<byte[], byte[]> consumer) {
        Class<?> type = apache.own(APACHE_SINK_CONTEXT);
        if (type == null) {
            return worker;
        }
        try {
            return (SinkTaskContext)
                    type.getConstructor(SinkTaskContext.class, Consumer.class).newInstance(worker, consumer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(APACHE_SINK_CONTEXT + " beside Apache's classes is of another Levada", e);
        }
    }

    private Class<?> defineOnce(String name, byte[] classFile) {
        synchronized (getClassLoadingLock(name)) {
            Class<?> defined = findLoadedClass(name);
            return defined != null ? defined : defineClass(name, classFile, 0, classFile.length);
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        return ApacheClasses.shows(name) ? apache.findResource(name) : null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        return ApacheClasses.shows(name) ? apache.findResources(name) : Collections.emptyEnumeration();
    }

    /** Closes the jars that it has opened; no plugin may run any more. */
    @Override
    public void close() throws IOException {
        apache.close();
    }
}
