/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The table of routes. Decides 404 and 405, answers OPTIONS, lets HEAD do as GET does. */
public final class Routes {
    private final List<Route> routes;

    public Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * A route that fits a request.
     *
     * @param variables values of the path's variables
     */
    public record Match(Route route, Map<String, String> variables) {}

    /** Throws {@link HttpStatusException} with 404 or 405 if nothing fits. */
    public Match find(String method, List<String> path) {
        List<Route> onPath = onPath(path);
        String wanted = method.equals("HEAD") ? "GET" : method;
        Route route = onPath.stream()
                .filter(candidate -> candidate.method().equals(wanted))
                .findFirst()
                .orElseThrow(() -> HttpStatusException.methodNotAllowed(allowed(onPath)));
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            if (route.isVariable(i)) {
                variables.put(route.variable(i), path.get(i));
            }
        }
        return new Match(route, variables);
    }

    /** The value of the Allow header for a path; throws 404 if it is not one of ours. */
    public String allowedOn(List<String> path) {
        return allowed(onPath(path));
    }

    private List<Route> onPath(List<String> path) {
        List<Route> found = routes.stream().filter(route -> route.matches(path)).toList();
        if (found.isEmpty()) {
            throw HttpStatusException.notFound();
        }
        return found;
    }

    private static String allowed(List<Route> routes) {
        TreeSet<String> methods = routes.stream().map(Route::method).collect(Collectors.toCollection(TreeSet::new));
        methods.add("OPTIONS");
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(",", methods);
    }
}
