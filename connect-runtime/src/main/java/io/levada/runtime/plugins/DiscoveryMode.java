/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;

/** How plugins are found on {@code plugin.path}: the values of {@code plugin.discovery} (KIP-898). */
public enum DiscoveryMode {
    /** By looking at every class file. */
    ONLY_SCAN,
    /** By both; a plugin without a manifest is loaded and warned about. */
    HYBRID_WARN,
    /** By both; a plugin without a manifest stops the worker. */
    HYBRID_FAIL,
    /** By service manifests ({@code META-INF/services}) alone. */
    SERVICE_LOAD;

    /** The value of {@code plugin.discovery}, in any case. */
    public static DiscoveryMode of(String value) {
        return Arrays.stream(values())
                .filter(mode -> mode.name().equalsIgnoreCase(value.trim()))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "plugin.discovery", value, "One of only_scan, hybrid_warn, hybrid_fail, service_load."));
    }

    boolean scans() {
        return this != SERVICE_LOAD;
    }

    boolean readsManifests() {
        return this != ONLY_SCAN;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
