/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in words what the JVM means by a {@link LinkageError} of a plugin's class: what is missing, who needs it, and what to do. */
final class LinkageAdvice {
    private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)\\.");
    /** How the JVM quotes the first failure of an initialiser when the class is asked for again. */
    private static final Pattern FIRST_FAILURE = Pattern.compile("NoClassDefFoundError: (L?[\\w$./]+;?) \\[in thread");

    private static final Pattern CLASS_NAME = Pattern.compile("L?[\\w$./]+;?");
    /** Java 1.1 had class file version 45, Java 17 has 61. */
    private static final int BEFORE_FIRST_VERSION = 44;

    private LinkageAdvice() {}

    static String of(LinkageError failure) {
        return what(failure) + neededBy(failure) + " (" + failure + ")";
    }

    private static String what(LinkageError failure) {
        if (failure instanceof UnsupportedClassVersionError) {
            return "it was built for " + javaOf(failure) + ", and this worker runs on Java "
                    + Runtime.version().feature()
                    + ". Run the worker on a newer Java, or use an older version of the plugin";
        }
        if (failure instanceof ExceptionInInitializerError) {
            return "a class of it failed while it was initialised: " + failure.getCause();
        }
        if (failure instanceof NoClassDefFoundError) {
            return missing(failure)
                    .map(name ->
                            "the class " + name + " is missing: it is neither in the plugin's folder, nor among the"
                                    + " classes that the worker gives to plugins (docs/plugins.md). Add the jar that holds it to the"
                                    + " folder, and restart the worker")
                    .orElseGet(() -> "a class of it failed when it was first used: "
                            + (failure.getCause() == null
                                    ? failure.getMessage()
                                    : failure.getCause().getMessage()));
        }
        return "its jars do not fit together, or not the classes that the worker gives to plugins. Check their versions, and restart"
                + " the worker";
    }

    private static String javaOf(LinkageError failure) {
        Matcher version = CLASS_FILE_VERSION.matcher(String.valueOf(failure.getMessage()));
        return version.find() ? "Java " + (Integer.parseInt(version.group(1)) - BEFORE_FIRST_VERSION) : "a newer Java";
    }

    /** The class that was looked for; empty if one was found and could not be initialised, which the JVM reports by the same error. */
    private static Optional<String> missing(LinkageError failure) {
        String named = failure.getCause() instanceof ClassNotFoundException absent
                ? String.valueOf(absent.getMessage())
                : String.valueOf(failure.getMessage());
        if (!CLASS_NAME.matcher(named).matches()) {
            Matcher first = FIRST_FAILURE.matcher(String.valueOf(failure.getCause()));
            return first.find() ? Optional.of(plain(first.group(1))) : Optional.empty();
        }
        return Optional.of(plain(named));
    }

    private static String plain(String named) {
        String name = named.startsWith("L") && named.endsWith(";") ? named.substring(1, named.length() - 1) : named;
        return name.replace('/', '.');
    }

    /** The innermost code of a plugin that the failure passed through, which may be another plugin's than was called. */
    private static String neededBy(LinkageError failure) {
        return Arrays.stream(failure.getStackTrace())
                .filter(frame -> frame.getClassLoaderName() != null
                        && frame.getClassLoaderName().startsWith(PluginClassLoader.NAMED))
                .findFirst()
                .map(frame -> ". Needed by " + frame.getClassName() + " from "
                        + frame.getClassLoaderName().substring(PluginClassLoader.NAMED.length()))
                .orElse("");
    }
}
