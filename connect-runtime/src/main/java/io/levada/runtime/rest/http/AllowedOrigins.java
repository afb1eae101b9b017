/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.List;
import java.util.Map;

/**
 * Where a browser's requests may come from: {@code access.control.allow.origin} and {@code access.control.allow.methods}.
 *
 * @param origins such as {@code https://example.org}; {@code *} for any
 * @param methods that those may use
 */
public record AllowedOrigins(List<String> origins, List<String> methods) {
    private static final List<String> DEFAULT_METHODS = List.of("GET", "POST", "HEAD");

    public AllowedOrigins {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
    }

    /** @param methods empty for those that Kafka Connect allows by default */
    public static AllowedOrigins of(List<String> origins, List<String> methods) {
        return new AllowedOrigins(origins, methods.isEmpty() ? DEFAULT_METHODS : methods);
    }

    boolean allow(String origin) {
        return origins.contains("*") || origins.contains(origin);
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
