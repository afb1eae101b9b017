/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where a browser's requests may come from: {@code access.control.allow.origin} and {@code access.control.allow.methods}.
 *
 * @param origins such as {@code https://example.org}; a {@code *} in one stands for anything, as in Kafka Connect
 * @param methods that those may use
 */
public record AllowedOrigins(List<String> origins, List<String> methods) {
    public static final String ORIGINS = "access.control.allow.origin";
    public static final String METHODS = "access.control.allow.methods";

    private static final List<String> DEFAULT_METHODS = List.of("GET", "POST", "HEAD");
    private static final List<String> KNOWN_METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    /** As a browser writes it: no path, not even a slash. */
    private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-zA-Z*][a-zA-Z0-9+.*-]*://[^/?#@\\s]+");

    public AllowedOrigins {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
    }

    /**
     * Throws {@link ConfigException} for what no request of a browser could ever match.
     *
     * @param methods empty for those that Kafka Connect allows by default
     */
    public static AllowedOrigins of(List<String> origins, List<String> methods) {
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new ConfigException(
                        ORIGINS,
                        origin,
                        "Write each as scheme://host or scheme://host:port, without a slash at the end, or * for any.");
            }
        }
        for (String method : methods) {
            if (!KNOWN_METHODS.contains(method)) {
                throw new ConfigException(METHODS, method, "Must be of " + String.join(", ", KNOWN_METHODS));
            }
        }
        return new AllowedOrigins(origins, methods.isEmpty() ? DEFAULT_METHODS : methods);
    }

    public boolean allow(String origin) {
        return origins.stream().anyMatch(allowed -> matches(allowed, origin));
    }

    private static boolean matches(String allowed, String origin) {
        if (!allowed.contains("*")) {
            return allowed.equals(origin);
        }
        String pattern = Pattern.quote(allowed).replace("*", "\\E.*\\Q");
        return Pattern.matches(pattern, origin);
    }

    /** The headers that tell a browser so. */
    Map<String, String> headers(String origin) {
        return Map.of(
                "Access-Control-Allow-Origin",
                origin,
                "Access-Control-Allow-Methods",
                String.join(",", methods),
                "Access-Control-Allow-Headers",
                "X-Requested-With,Content-Type,Accept,Origin",
                "Vary",
                "Origin");
    }
}
