/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.connector.Settings;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A plugin as a config names it (KIP-891).
 *
 * @param name its full class name, a short one, or another project's for a bundled piece
 * @param version the value of its {@code plugin.version} key, a version or a range; null if the config does not say
 */
public record PluginChoice(String name, @Nullable String version) {
    private static final String CONNECTOR_CLASS = "connector.class";
    private static final String CONNECTOR_VERSION = "connector.plugin.version";

    /** Whatever version is used if none is asked for. */
    public static PluginChoice of(String name) {
        return new PluginChoice(name, null);
    }

    /** The connector that a connector's config names; null if it names none. */
    public static @Nullable PluginChoice ofConnector(Map<String, @Nullable String> config) {
        String name = Settings.text(config, CONNECTOR_CLASS);
        return name == null ? null : new PluginChoice(name, Settings.text(config, CONNECTOR_VERSION));
    }

    /**
     * The same of a config that must name one.
     *
     * @throws ConfigException if it does not
     */
    public static PluginChoice requiredOfConnector(Map<String, @Nullable String> config) {
        PluginChoice choice = ofConnector(config);
        if (choice == null) {
            throw new ConfigException(
                    "Missing required configuration \"" + CONNECTOR_CLASS + "\" which has no default value.");
        }
        return choice;
    }

    /** Whether it asks for a version, rather than for the one that is used by default. */
    boolean asksForVersion() {
        return version != null && !version.isBlank() && !version.equals("latest");
    }
}
