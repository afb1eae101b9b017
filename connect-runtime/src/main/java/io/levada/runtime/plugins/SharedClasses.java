/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells which classes a plugin and the worker must have in common, because values of them pass between the two. Everything else a
 * plugin brings itself. What Apache Kafka ships as plugins under its own package names counts as plugin code.
 */
final class SharedClasses {
    private static final List<String> PREFIXES = List.of(
            "java.",
            "org.slf4j.",
            "org.apache.kafka.",
            "io.levada.connect.api.",
            "jakarta.ws.rs.",
            ExitGuard.class.getName());

    /** Names that only the JDK should define; if it does not define such a class, a plugin may. */
    private static final Pattern PERHAPS_JDK =
            Pattern.compile("(javax|jdk|sun|com\\.sun|org\\.ietf\\.jgss|org\\.w3c\\.dom|org\\.xml\\.sax)\\..*");

    private static final Pattern APACHE_PLUGINS = Pattern.compile("org\\.apache\\.kafka\\.("
            + "connect\\.(transforms\\.(?!Transformation$|predicates\\.Predicate$).*"
            + "|(json|file|mirror|converters|rest\\.basic)\\..*"
            + "|connector\\.policy\\.(?!ConnectorClientConfig(OverridePolicy|Request(\\$ClientType)?)$).*)"
            + "|common\\.config\\.provider\\.(?!ConfigProvider$).*)");

    private SharedClasses() {}

    /** True if the worker's own class is meant, when it has one. */
    static boolean isShared(String className) {
        return PREFIXES.stream().anyMatch(className::startsWith)
                && !APACHE_PLUGINS.matcher(className).matches();
    }

    /** Whether a class outside the plugin can be a plugin's type or implement one: the worker's, or one of Apache's. */
    static boolean mayBeGiven(String className) {
        return !className.startsWith("java.") && (className.startsWith("org.apache.kafka.") || isShared(className));
    }

    static boolean mayBeOfTheJdk(String className) {
        return PERHAPS_JDK.matcher(className).matches();
    }
}
