/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.threads.Interruption;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;

/** A plugin of the worker itself, which a key of its properties names. Whatever it throws is told with key and class. */
public final class WorkerPlugin {
    private WorkerPlugin() {}

    /**
     * Makes or configures such a plugin.
     *
     * @param key the worker's key
     * @param name the class as the key gives it
     * @param loader what the plugin's code sees as context class loader
     * @throws ConfigException in place of what {@code work} throws, of one line
     */
    public static <T> T of(String key, String name, ClassLoader loader, Supplier<T> work) {
        try {
            return LoaderSwap.call(loader, work);
        } catch (Throwable e) {
            Interruption.keep(e);
            String why = e instanceof PluginNotFoundException
                    ? String.valueOf(e.getMessage())
                    : FailureText.message(e) == null ? FailureText.of(e) : name + " failed: " + FailureText.message(e);
            ConfigException failure =
                    new ConfigException("The worker's " + key + "=" + name + " cannot be used. " + why);
            failure.initCause(e);
            throw failure;
        }
    }

    /** As {@link #of(String, String, ClassLoader, Supplier)}, to find the plugin and its loader first. */
    public static <T> T of(String key, String name, Supplier<T> work) {
        return of(key, name, WorkerPlugin.class.getClassLoader(), work);
    }
}
