/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One plugin as it lies on disk: a jar, or a folder with jars and class files, whose content shares a class loader.
 *
 * @param name the path as listings and errors show it
 * @param roots the jars and folders that hold classes
 * @param tier whose it is
 */
record PluginLocation(String name, List<Path> roots, Tier tier) {
    /** Who brought a plugin; an earlier one wins where the same name is found twice. */
    enum Tier {
        PLUGIN_PATH,
        BUNDLED,
        CLASS_PATH
    }

    PluginLocation {
        roots = List.copyOf(roots);
    }

    /**
     * The locations in a folder of {@code plugin.path}: each sub-folder and each jar is one; a folder that holds class files itself, in
     * package folders, is one too. A folder that does not exist has none. Symbolic links stand for what they lead to.
     */
    static List<PluginLocation> in(Path folder, Tier tier) {
        if (isJar(folder)) {
            return List.of(new PluginLocation(folder.toString(), List.of(folder), tier));
        }
        List<PluginLocation> found = new ArrayList<>();
        for (Path entry : sorted(folder)) {
            if (isJar(entry)) {
                found.add(new PluginLocation(entry.toString(), List.of(entry), tier));
            } else if (Files.isDirectory(entry)) {
                List<Path> roots = rootsOf(entry);
                if (!roots.isEmpty()) {
                    found.add(new PluginLocation(entry.toString(), roots, tier));
                }
            } else {
                FollowedFiles.warnIfDangling(entry);
            }
        }
        return found;
    }

    /** All jars below a plugin's folder, and the folder itself for its class files and resources. */
    private static List<Path> rootsOf(Path folder) {
        List<Path> roots = new ArrayList<>();
        try {
            List<Path> files = FollowedFiles.below(folder);
            if (files.stream().anyMatch(file -> file.toString().endsWith(".class"))) {
                roots.add(folder);
            }
            files.stream().filter(PluginLocation::isJar).forEach(roots::add);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the plugin folder " + folder, e);
        }
        return roots;
    }

    private static List<Path> sorted(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder + " of plugin.path", e);
        }
    }

    static boolean isJar(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return (name.endsWith(".jar") || name.endsWith(".zip")) && Files.isRegularFile(path);
    }

    URL[] urls() {
        return roots.stream().map(PluginLocation::url).toArray(URL[]::new);
    }

    static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file path is always a URL: " + path, e);
        }
    }
}
