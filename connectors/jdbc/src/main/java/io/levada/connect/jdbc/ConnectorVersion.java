/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import java.util.Objects;

/** The version that the plugin's jar carries in its manifest. */
final class ConnectorVersion {

    private ConnectorVersion() {}

    /** {@code unknown} when the class was not loaded from a jar. */
    static String of(Class<?> plugin) {
        return Objects.requireNonNullElse(plugin.getPackage().getImplementationVersion(), "unknown");
    }
}
