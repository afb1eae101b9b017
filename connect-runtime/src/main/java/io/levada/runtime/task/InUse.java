/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.threads.Interruption;
import java.util.function.Function;
import org.apache.kafka.connect.components.Versioned;
import org.jspecify.annotations.Nullable;

/**
 * A transform, predicate or converter that a task uses, configured: it is called with its own loader as context class loader, and
 * keeps metrics of its own. Used by the task's thread.
 *
 * @param <P> the API it implements
 */
public final class InUse<P extends AutoCloseable> {
    private static final String UNDEFINED = "undefined";

    private final P plugin;
    private final @Nullable ClassLoader context;
    private final OwnPluginMetrics metrics;

    /** @param context to be set while the plugin is called; null if the task's is right */
    InUse(P plugin, @Nullable ClassLoader context, OwnPluginMetrics metrics) {
        this.plugin = plugin;
        this.context = context;
        this.metrics = metrics;
    }

    /** What the plugin answers. */
    public <T extends @Nullable Object> T call(Function<? super P, T> question) {
        if (context == null) {
            return question.apply(plugin);
        }
        LoaderSwap swap = LoaderSwap.to(context);
        try {
            return question.apply(plugin);
        } finally {
            swap.close();
        }
    }

    /** The plugin's class, for messages. */
    public String className() {
        return plugin.getClass().getName();
    }

    /** The plugin's version, {@code undefined} if it does not say: one that fails when asked for it may do its work all the same. */
    String version() {
        try {
            String said = call(asked -> asked instanceof Versioned versioned ? versioned.version() : null);
            return said == null || said.isBlank() ? UNDEFINED : said;
        } catch (Throwable e) { // whatever it is: the plugin is needed for something else
            Interruption.keep(e);
            return UNDEFINED;
        }
    }

    /** Closes the plugin, whatever it throws, and its metrics. */
    void close(TaskLog log) {
        ClassLoader whileClosing = context == null ? Thread.currentThread().getContextClassLoader() : context;
        LoaderSwap.run(whileClosing, () -> Closing.close(log, className(), plugin));
        metrics.close();
    }
}
