/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The rules of every {@code *.plugin.version} key (KIP-891). */
final class PluginVersionKeys {
    private PluginVersionKeys() {}

    /**
     * A version or a range.
     *
     * @param fallback the version that is used by default, which a plugin may spell as it likes
     */
    static ConfigDef.Validator range(@Nullable String fallback) {
        return PluginKeys.validator("a version or a range of versions", (key, value) -> {
            if (value instanceof String range && !range.equals(fallback) && !Plugins.isVersionRange(range)) {
                throw new ConfigException(key, value, "Write one version, or a range such as [1.0,2.0)");
            }
        });
    }

    /** A version or a range that a plugin of the name has. */
    static ConfigDef.Validator installed(
            PluginKeys keys, PluginType type, @Nullable String name, @Nullable String fallback) {
        ConfigDef.Validator range = range(fallback);
        return PluginKeys.validator(range.toString(), (key, value) -> {
            range.ensureValid(key, value);
            if (value instanceof String asked && !asked.equals(fallback)) {
                refuseMissing(keys, type, name, asked);
            }
        });
    }

    /** Throws {@link ConfigException} if there is such a plugin, but not in that version. */
    static void refuseMissing(PluginKeys keys, PluginType type, @Nullable String name, @Nullable String version) {
        String wrong = name == null ? null : keys.wrongVersion(type, new PluginChoice(name, version));
        if (wrong != null) {
            throw new ConfigException(wrong);
        }
    }
}
