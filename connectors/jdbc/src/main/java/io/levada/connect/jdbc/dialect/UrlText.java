/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What the URLs of several drivers have in common. All refuse with an {@link IllegalArgumentException} fit to be shown. */
public final class UrlText {

    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?");

    /** No character that a driver might read as the end of the name, and none that is written with a percent sign. */
    private static final Pattern NAME = Pattern.compile("[^/\\\\?#&;:%,'\"(){}\\s\\p{Cntrl}]*");

    private static final Pattern ANOTHER_SEPARATOR = Pattern.compile("[?#&;]");

    private UrlText() {}

    /** Takes {@code host[:port]}, several separated by commas. */
    public static void checkHosts(String hosts, String example) {
        for (String host : hosts.split(",", -1)) {
            if (host.contains("@")) {
                throw new IllegalArgumentException(
                        "has credentials before the host; use connection.user and connection.password");
            }
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException("must name a host as in " + example);
            }
        }
    }

    /** Takes one {@code host[:port]}. */
    public static void checkHost(String host, String example) {
        if (host.contains(",")) {
            throw new IllegalArgumentException("names several hosts; name one, as in " + example);
        }
        checkHosts(host, example);
    }

    /** Takes a plain name of a database. */
    public static void checkDatabase(String database) {
        if (!NAME.matcher(database).matches()) {
            throw new IllegalArgumentException(
                    "has a database name with a character in it that drivers may read as more than a name");
        }
    }

    /**
     * Reads {@code name=value} pairs; a name without value is true.
     *
     * @param separator between pairs
     * @param allowed names, in exactly the spelling that the driver knows
     */
    public static Map<String, String> properties(String text, String separator, Set<String> allowed) {
        if (ANOTHER_SEPARATOR.matcher(text.replace(separator, "")).find()) {
            throw new IllegalArgumentException(
                    "has one of ? # & ; among its properties, which drivers read in different ways; percent-encode it");
        }
        Map<String, String> properties = new TreeMap<>();
        for (String pair : text.split(Pattern.quote(separator))) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!allowed.contains(name)) {
                throw new IllegalArgumentException("has the property " + shown(name)
                        + ", which is not on the list of safe ones; remove it (allowed: "
                        + String.join(", ", new TreeSet<>(allowed)) + ")");
            }
            String value = decoded(equals < 0 ? "true" : pair.substring(equals + 1), name);
            if (properties.put(name, value) != null) {
                throw new IllegalArgumentException("has the property " + name + " twice; remove one");
            }
        }
        return properties;
    }

    /** Takes values that match alone. */
    public static void checkValues(Map<String, String> properties, Pattern allowed) {
        properties.forEach((name, value) -> {
            if (!allowed.matcher(value).matches()) {
                throw new IllegalArgumentException("has a value of the property " + name
                        + " with a character in it that could make it more than a value");
            }
        });
    }

    private static String decoded(String value, String name) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "has a value of the property " + name + " that is not percent-encoded as it should be", e);
        }
    }

    /** What stands before the equals sign is the name of a property; something without one may be part of a secret. */
    private static String shown(String name) {
        return name.matches("[A-Za-z0-9_.%-]{1,60}") ? name : "(not shown)";
    }
}
