/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the service manifests ({@code META-INF/services/<plugin type>}) that plugins declare themselves in, without loading the classes
 * they name.
 */
final class ServiceManifests {
    private static final String FOLDER = "META-INF/services/";
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");

    private ServiceManifests() {}

    /** The class names that the location declares, by type. */
    static Map<PluginType, Set<String>> of(PluginLocation location) throws IOException {
        Map<PluginType, Set<String>> found = new EnumMap<>(PluginType.class);
        for (Path root : location.roots()) {
            LocationFiles.visit(root, name -> name.startsWith(FOLDER), (name, content) -> {
                for (PluginType type : PluginType.values()) {
                    if (name.equals(FOLDER + type.api().getName())) {
                        addNames(found, type, content);
                    }
                }
            });
        }
        return found;
    }

    /** The class names that everything on {@code loader}'s class path declares, by type. */
    static Map<PluginType, Set<String>> of(ClassLoader loader) throws IOException {
        Map<PluginType, Set<String>> found = new EnumMap<>(PluginType.class);
        for (PluginType type : PluginType.values()) {
            List<URL> manifests =
                    Collections.list(loader.getResources(FOLDER + type.api().getName()));
            for (URL manifest : manifests) {
                try (InputStream in = manifest.openStream()) {
                    addNames(found, type, in.readAllBytes());
                }
            }
        }
        return found;
    }

    private static void addNames(Map<PluginType, Set<String>> found, PluginType type, byte[] manifest) {
        String text = new String(manifest, StandardCharsets.UTF_8);
        LINE_BREAK
                .splitAsStream(text)
                .map(line -> line.replaceFirst("#.*", "").trim())
                .filter(line -> !line.isEmpty())
                .forEach(line ->
                        found.computeIfAbsent(type, t -> new LinkedHashSet<>()).add(line));
    }
}
