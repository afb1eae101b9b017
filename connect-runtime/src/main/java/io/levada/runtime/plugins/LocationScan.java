/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds plugins by looking at the class files of one location: follows superclasses and interfaces from class to class, within the
 * location by its class files, outside it by the classes that plugins are given. No class of the location is loaded.
 */
final class LocationScan {
    private static final List<PluginType> TYPES = List.of(PluginType.values());

    private static final List<String> NOTHING_SPECIAL = List.of("java.lang.Object");

    private final CrossPluginLoader parent;
    private final Map<String, ClassHeader> headers = new HashMap<>();
    private final Map<String, Set<PluginType>> known = new HashMap<>();

    private LocationScan(CrossPluginLoader parent) {
        this.parent = parent;
    }

    /** The class names of the plugins in the location, by type; {@code parent} loads what plugins are given. */
    static Map<PluginType, Set<String>> of(PluginLocation location, CrossPluginLoader parent) {
        LocationScan scan = new LocationScan(parent);
        location.roots().parallelStream()
                .map(LocationScan::headersIn)
                .toList()
                .forEach(found -> found.forEach(header -> scan.headers.putIfAbsent(header.name(), header)));
        return scan.plugins();
    }

    private static List<ClassHeader> headersIn(Path root) {
        List<ClassHeader> found = new ArrayList<>();
        try {
            LocationFiles.visit(root, LocationScan::isClass, (name, content) -> add(found, content));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the plugin jar " + root, e);
        }
        return found;
    }

    private static boolean isClass(String file) {
        return file.endsWith(".class") && !file.startsWith("META-INF/") && !file.endsWith("-info.class");
    }

    private static void add(List<ClassHeader> found, byte[] classFile) {
        try {
            ClassHeader header = ClassHeader.read(classFile);
            if (!header.parents().equals(NOTHING_SPECIAL)) {
                found.add(header);
            }
        } catch (IOException ignored) {
            // Not a class file of a JVM we know: nothing that could be loaded, so no plugin.
        }
    }

    private Map<PluginType, Set<String>> plugins() {
        Map<PluginType, Set<String>> found = new EnumMap<>(PluginType.class);
        for (ClassHeader header : headers.values()) {
            if (header.usable()) {
                for (PluginType type : typesOf(header.name())) {
                    found.computeIfAbsent(type, t -> new TreeSet<>()).add(header.name());
                }
            }
        }
        return found;
    }

    private Set<PluginType> typesOf(String className) {
        Set<PluginType> cached = known.get(className);
        if (cached != null) {
            return cached;
        }
        known.put(className, Set.of()); // ends a circle of broken class files
        ClassHeader header = headers.get(className);
        Set<PluginType> types = new HashSet<>();
        if (header != null && !(SharedClasses.isShared(className) && isOwn(className))) {
            header.parents().forEach(type -> types.addAll(typesOf(type)));
        } else if (SharedClasses.mayBeGiven(className)) {
            types.addAll(typesOfGiven(className));
        }
        known.put(className, types);
        return types;
    }

    /** Whether the worker itself has the class, so that the location's is not the one that is loaded. */
    private boolean isOwn(String className) {
        return parent.getParent().getResource(className.replace('.', '/') + ".class") != null;
    }

    private Set<PluginType> typesOfGiven(String className) {
        Set<PluginType> types = new HashSet<>();
        try {
            Class<?> shared = Class.forName(className, false, parent);
            TYPES.stream().filter(type -> type.api().isAssignableFrom(shared)).forEach(types::add);
        } catch (ClassNotFoundException | LinkageError ignored) {
            // A parent that neither the location has nor anybody gives it: the class could not be loaded, so it is no
            // plugin.
        }
        return types;
    }
}
