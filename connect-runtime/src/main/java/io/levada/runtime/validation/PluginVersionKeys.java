/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.plugins.Plugins;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The rule of every {@code *.plugin.version} key (KIP-891). */
final class PluginVersionKeys {
    private PluginVersionKeys() {}

    static ConfigDef.Validator range() {
        return PluginKeys.validator("a version or a range of versions", (key, value) -> {
            if (value instanceof String range && !Plugins.isVersionRange(range)) {
                throw new ConfigException(key, value, "Write one version, or a range such as [1.0,2.0)");
            }
        });
    }
}
