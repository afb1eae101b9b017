/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginClose;
import io.levada.runtime.threads.Interruption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.errors.ConnectException;

/** A config provider whose code sees its own class loader, and whose failures say which provider, path and keys. Never a value. */
final class GuardedProvider implements ConfigProvider {
    private static final String KEY = "config.providers";

    private final String name;
    private final ConfigProvider plugin;
    private final ClassLoader loader;

    /** @param name as {@code config.providers} has it */
    GuardedProvider(String name, ConfigProvider plugin) {
        this.name = name;
        this.plugin = plugin;
        this.loader = plugin.getClass().getClassLoader();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        LoaderSwap.run(loader, () -> plugin.configure(configs));
    }

    @Override
    public ConfigData get(String path) {
        return guarded("path '" + path + "'", () -> plugin.get(path));
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        return guarded("path '" + path + "', keys " + new TreeSet<>(keys), () -> plugin.get(path, keys));
    }

    private ConfigData guarded(String what, Supplier<ConfigData> work) {
        ConfigData found;
        try {
            found = LoaderSwap.call(loader, work);
        } catch (Throwable e) { // any error of the plugin is the failure of its caller alone
            Interruption.keep(e);
            throw new ConnectException(
                    "The config provider '" + name + "' (" + plugin.getClass().getName() + ") failed for " + what + ": "
                            + FailureText.messageOrClass(e),
                    e);
        }
        if (found == null) {
            throw new ConnectException("The config provider '" + name + "' ("
                    + plugin.getClass().getName() + ") answered null for " + what);
        }
        return found;
    }

    @Override
    public void close() {
        PluginClose.of(KEY, plugin.getClass(), plugin);
    }
}
