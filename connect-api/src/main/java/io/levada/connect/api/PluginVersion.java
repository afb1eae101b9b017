/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

/** The version that a bundled plugin reports, read from the manifest of the jar it was loaded from. */
public final class PluginVersion {

    /** What a class outside a jar reports, as in a test of its own module. */
    private static final String UNPACKAGED = "development";

    private PluginVersion() {}

    /** The {@code Implementation-Version} of the jar that holds {@code plugin}; any thread may call this. */
    public static String of(Class<?> plugin) {
        String version = plugin.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }
}
