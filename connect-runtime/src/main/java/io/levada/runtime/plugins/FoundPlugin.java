/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.plugins.PluginLocation.Tier;
import java.util.stream.Stream;

/**
 * A plugin that was found, not loaded yet.
 *
 * @param className the full class name
 * @param type what it is; a class that is two things is found twice
 * @param location the folder or jar, or {@code classpath}
 * @param tier whose location it is
 * @param loader loads the class
 */
record FoundPlugin(String className, PluginType type, String location, Tier tier, ClassLoader loader) {
    String simpleName() {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** Whether {@code name} is this class's full name, its simple name, or that without the suffix of its type. */
    boolean isCalled(String name) {
        String simple = simpleName();
        return simple.equals(name)
                || (simple.length() > type.suffix().length()
                        && simple.endsWith(type.suffix())
                        && simple.length() == name.length() + type.suffix().length()
                        && simple.startsWith(name));
    }

    /** What somebody may have meant to write: the simple name, without the suffix of its type, and without {@code Source} or {@code Sink} as well. */
    Stream<String> shortNames() {
        String simple = simpleName();
        String bare = without(type.suffix(), simple);
        return Stream.of(simple, bare, without("Source", without("Sink", bare))).distinct();
    }

    private static String without(String suffix, String name) {
        return name.length() > suffix.length() && name.endsWith(suffix)
                ? name.substring(0, name.length() - suffix.length())
                : name;
    }

    /** Loads the class, without running its initialiser. */
    Class<?> load() throws ClassNotFoundException {
        return Class.forName(className, false, loader);
    }
}
