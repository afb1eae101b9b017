/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a distribution brings along for a worker.
 *
 * @param plugins the folder of its own plugins, searched after {@code plugin.path}; null if there is none
 * @param restExtensions the folder of jars that run REST extensions, loaded only when {@code rest.extension.classes} is set; null if they
 *     are on the class path or not there
 */
public record Installed(@Nullable Path plugins, @Nullable Path restExtensions) {
    /** Nothing but the class path. */
    public static final Installed NOTHING = new Installed(null, null);
}
