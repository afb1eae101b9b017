/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to look for plugins.
 *
 * @param pluginPath the folders of {@code plugin.path}, in order
 * @param bundled the distribution's own plugin folder, searched after them; null if there is none
 * @param mode the value of {@code plugin.discovery}
 */
public record PluginSearch(List<Path> pluginPath, @Nullable Path bundled, DiscoveryMode mode) {
    public PluginSearch {
        pluginPath = List.copyOf(pluginPath);
    }

    /** From the worker's keys. A null {@code pluginPath} means that the key is not set. */
    public static PluginSearch of(@Nullable String pluginPath, @Nullable Path bundled, String discovery) {
        List<Path> folders = Stream.ofNullable(pluginPath)
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part).toAbsolutePath().normalize())
                .toList();
        return new PluginSearch(folders, bundled, DiscoveryMode.of(discovery));
    }

    /** The class path alone. */
    public static PluginSearch classPathOnly() {
        return new PluginSearch(List.of(), null, DiscoveryMode.HYBRID_WARN);
    }
}
