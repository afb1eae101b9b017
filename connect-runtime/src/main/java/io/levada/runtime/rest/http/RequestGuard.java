/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of strangers out. A listener on a loopback address answers only requests that name it by a loopback name, which stops
 * DNS rebinding; a request that a browser sends from another origin is refused unless that origin is allowed, which stops cross-site
 * requests.
 */
public final class RequestGuard {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]|.*\\.localhost");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://([^/?#@]+)(?:[/?#].*)?");
    private static final Pattern PORT = Pattern.compile(":\\d+$");

    private final boolean loopbackOnly;
    private final AllowedOrigins origins;

    public RequestGuard(boolean loopbackOnly, AllowedOrigins origins) {
        this.loopbackOnly = loopbackOnly;
        this.origins = origins;
    }

    /** Headers to add to the answer; throws 403 if the request is refused, 400 if it does not say which host it is for. */
    public Map<String, String> admit(HttpServerRequest request) {
        String host = host(request);
        if (loopbackOnly && host != null && !isLoopback(host)) {
            throw new HttpStatusException(
                    403,
                    "This worker answers requests for localhost only, not for " + host
                            + ". Use http://localhost, or let it listen on another address.");
        }
        String origin = request.getHeader("Origin");
        if (origin == null || isOwn(origin, host)) {
            return Map.of();
        }
        if (!origins.allow(origin)) {
            throw new HttpStatusException(
                    403,
                    "Requests from pages of " + origin
                            + " are not allowed; access.control.allow.origin can allow them.");
        }
        return origins.headers(origin);
    }

    /** What the request is for: the authority of an absolute URI counts more than the header (RFC 9112, 3.2.2). */
    private static @Nullable String host(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("Host");
        if (hosts.size() > 1 || (hosts.isEmpty() && request.version() != HttpVersion.HTTP_1_0)) {
            throw new HttpStatusException(400, "A request needs one Host header, and this one has " + hosts.size());
        }
        String target = request.uri();
        if (target.startsWith("/") || target.equals("*")) {
            return hosts.isEmpty() ? null : hosts.get(0);
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches()) {
            throw new HttpStatusException(400, "The request target is neither a path nor an http URL");
        }
        return absolute.group(1);
    }

    private static boolean isLoopback(String host) {
        String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
        return LOOPBACK.matcher(name).matches();
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }
}
