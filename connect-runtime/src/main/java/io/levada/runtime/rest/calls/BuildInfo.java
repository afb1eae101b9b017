/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import java.util.Objects;

/**
 * Which build this is, from the manifest of the jar it runs from.
 *
 * @param commit of the source, {@code unknown} outside a build from a repository
 */
record BuildInfo(String version, String commit) {
    static BuildInfo read() {
        Package own = BuildInfo.class.getPackage();
        return new BuildInfo(
                Objects.requireNonNullElse(own.getImplementationVersion(), "development"),
                Objects.requireNonNullElse(own.getSpecificationVersion(), "unknown"));
    }
}
