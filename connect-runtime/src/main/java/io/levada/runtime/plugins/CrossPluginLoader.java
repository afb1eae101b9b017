/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parent of every plugin's loader: the worker's classes, and plugins of other locations by their exact class name, so that a connector
 * can load a converter or a format that is installed beside it. Classes that Kafka has moved are found under their old names too.
 */
final class CrossPluginLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final MovedKafkaClasses moved;
    private volatile @Nullable ClassLoader lent;
    private volatile Function<String, List<FoundPlugin>> plugins = name -> List.of();

    CrossPluginLoader(ClassLoader app) {
        super("plugins", app);
        this.moved = new MovedKafkaClasses(app);
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
        try {
            return super.loadClass(name, resolve);
        } catch (ClassNotFoundException notOurs) {
            Optional<byte[]> renamed = moved.underOldName(name);
            if (renamed.isPresent()) {
                return defineOnce(name, renamed.get());
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
            throw notOurs;
        }
    }

    private Class<?> defineOnce(String name, byte[] classFile) {
        synchronized (getClassLoadingLock(name)) {
            Class<?> defined = findLoadedClass(name);
            return defined != null ? defined : defineClass(name, classFile, 0, classFile.length);
        }
    }
}
