/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path. */
record Router(List<Routes.Route> routes) {

    Router {
        routes = List.copyOf(routes);
    }

    /**
     * A route with the values of its variables.
     *
     * @param route null if the path exists, but not for this method
     */
    record Match(Routes.@Nullable Route route, Map<String, String> variables) {}

    /** @throws IllegalArgumentException if the path has a broken escape */
    Optional<Match> match(String method, String rawPath) {
        List<String> segments = segments(rawPath).stream().map(Router::decode).toList();
        boolean known = false;
        for (Routes.Route route : routes) {
            Map<String, String> variables = variables(segments(route.template()), segments);
            if (variables != null && route.method().equals(method)) {
                return Optional.of(new Match(route, variables));
            }
            known |= variables != null;
        }
        return known ? Optional.of(new Match(null, Map.of())) : Optional.empty();
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    private static String decode(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static @Nullable Map<String, String> variables(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), segments.get(i));
            } else if (!expected.equals(segments.get(i))) {
                return null;
            }
        }
        return variables;
    }
}
