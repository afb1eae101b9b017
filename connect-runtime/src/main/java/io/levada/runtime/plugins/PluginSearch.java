/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Where and how to look for plugins.
 *
 * @param pluginPath the folders of {@code plugin.path}, in order
 * @param bundled the distribution's own plugin folder, searched after them; null if there is none
 * @param apacheJars the folder with the jars of Apache's worker that plugins may use; null, or a folder that is not there, for none
 * @param mode the value of {@code plugin.discovery}
 */
public record PluginSearch(
        List<Path> pluginPath,
        @Nullable Path bundled,
        @Nullable Path apacheJars,
        DiscoveryMode mode) {
    public PluginSearch {
        pluginPath = List.copyOf(pluginPath);
    }

    /**
     * From the worker's keys. A null {@code pluginPath} means that the key is not set. In a distribution {@code plugins} and {@code
     * lib/apache} lie side by side, so that the one tells where the other is.
     */
    public static PluginSearch of(@Nullable String pluginPath, @Nullable Path bundled, String discovery) {
        List<Path> folders = Stream.ofNullable(pluginPath)
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part).toAbsolutePath().normalize())
                .toList();
        Path apacheJars = bundled == null ? null : bundled.resolveSibling("lib").resolve("apache");
        return new PluginSearch(folders, bundled, apacheJars, DiscoveryMode.of(discovery));
    }

    /** Throws {@link ConfigException} if a folder of {@code plugin.path} is not there. */
    public void checkFolders() {
        for (Path folder : pluginPath) {
            if (!Files.exists(folder)) {
                throw new ConfigException("plugin.path names " + folder
                        + (Files.isSymbolicLink(folder)
                                ? ", a symbolic link that leads nowhere. Mend the link"
                                : ", which does not exist. Create the folder")
                        + " or take it out of plugin.path.");
            }
        }
    }

    /** The class path alone. */
    public static PluginSearch classPathOnly() {
        return new PluginSearch(List.of(), null, null, DiscoveryMode.HYBRID_WARN);
    }
}
