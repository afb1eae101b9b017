/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.levada.runtime.rest.extension.HttpCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request for the worker's own API, straight from the network or after the extensions had it.
 *
 * @param method in capitals
 * @param path as sent, still encoded
 * @param query as sent, null if there is none
 * @param origin scheme, host and port that the client used
 * @param headers the value of a header, null if it was not sent
 * @param body completes when all of it is there
 */
public record Incoming(
        String method,
        String path,
        @Nullable String query,
        String origin,
        Function<String, @Nullable String> headers,
        CompletableFuture<Buffer> body) {
    public static Incoming of(HttpServerRequest request, CompletableFuture<Buffer> body) {
        return new Incoming(
                request.method().name(), request.path(), request.query(), originOf(request), request::getHeader, body);
    }

    /** What the extensions have let through, whose body is there already. */
    public static Incoming of(HttpCall call) {
        String base = call.base().toString();
        return new Incoming(
                call.method(),
                call.uri().getRawPath(),
                call.uri().getRawQuery(),
                base.substring(0, base.length() - 1),
                name -> first(call, name),
                CompletableFuture.completedFuture(Buffer.buffer(call.body())));
    }

    /** Scheme, host and port that the client used, without a slash at the end. */
    public static String originOf(HttpServerRequest request) {
        return request.scheme() + "://" + request.authority();
    }

    private static @Nullable String first(HttpCall call, String name) {
        return call.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .flatMap(header -> header.getValue().stream())
                .findFirst()
                .orElse(null);
    }

    /** The value of a header, whatever its case; null if it was not sent. */
    @Nullable
    public String header(String name) {
        return headers.apply(name);
    }

    /** Whether the client says that it sends one; its length may not be known yet. */
    public boolean hasBody() {
        String length = header("Content-Length");
        return header("Transfer-Encoding") != null || (length != null && !length.equals("0"));
    }
}
