/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.threads.Interruption;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.apache.kafka.connect.errors.ConnectException;

/** Makes instances of plugin classes, under the plugin's own context class loader, and says clearly why it cannot. */
final class PluginInstance {
    private PluginInstance() {}

    static <T> T of(FoundPlugin plugin, Class<T> api) {
        try {
            return of(plugin.load().asSubclass(api), plugin.location());
        } catch (ClassNotFoundException | ClassCastException e) {
            throw new PluginLoadException(
                    "The plugin " + plugin.className() + " of " + plugin.location() + " cannot be used as "
                            + api.getName() + ": " + e
                            + ". Its service manifest names a class that is not there or not such"
                            + " a plugin, or the folder lacks a jar.",
                    e);
        } catch (LinkageError e) {
            throw PluginLoadException.of(plugin.className(), plugin.location(), e);
        }
    }

    static <T> T of(Class<T> type, String location) {
        LoaderSwap swap = LoaderSwap.to(type.getClassLoader());
        try {
            Constructor<T> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof LinkageError linkage) {
                throw PluginLoadException.of(type.getName(), location, linkage);
            }
            Interruption.keep(e.getCause());
            throw new ConnectException(
                    "The constructor of " + type.getName() + " (from " + location + ") failed: "
                            + FailureText.of(Objects.requireNonNull(e.getCause())),
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new ConnectException(
                    "Could not create an instance of " + type.getName() + " (from " + location
                            + "): it needs a constructor without parameters. " + e,
                    e);
        } catch (LinkageError e) {
            throw PluginLoadException.of(type.getName(), location, e);
        } finally {
            swap.close();
        }
    }
}
