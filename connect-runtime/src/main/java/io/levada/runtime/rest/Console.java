/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The console: files below {@code /web/} on the class path, served below {@code /ui/} with a strict content security policy. */
final class Console {
    private static final String ANYTHING = "*/*";
    private static final String ROOT = "/web/";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "json", "application/json",
            "woff2", "font/woff2");

    private final Vertx vertx;

    Console(Vertx vertx) {
        this.vertx = vertx;
    }

    static boolean isInstalled() {
        return Console.class.getResource(ROOT + "index.html") != null;
    }

    /** Whether a request for {@code /} comes from somebody who looks at it in a browser. */
    static boolean isBrowser(String accept) {
        return accept.contains("text/html") && accept.contains("*/*");
    }

    static Answer redirect() {
        return Answer.empty(302).with("Location", "/ui/");
    }

    List<Route> routes() {
        return List.of(
                Route.get("/ui", exchange -> file("index.html")).producing(ANYTHING),
                Route.get("/ui/{file}", exchange -> file(exchange.variable("file")))
                        .producing(ANYTHING),
                Route.get(
                                "/ui/{folder}/{file}",
                                exchange -> file(exchange.variable("folder") + "/" + exchange.variable("file")))
                        .producing(ANYTHING));
    }

    /** A file below the root; reads on a worker thread of Vert.x. */
    private CompletionStage<Answer> file(String name) {
        return vertx.executeBlocking(() -> load(name))
                .map(file -> file.map(bytes -> answer(name, bytes)).orElseThrow(HttpStatusException::notFound))
                .toCompletionStage();
    }

    private static Answer answer(String name, byte[] bytes) {
        String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        return Answer.bytes(type, bytes)
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "no-referrer")
                .with("Cache-Control", "no-cache");
    }

    private static Optional<byte[]> load(String name) {
        try (InputStream in = Console.class.getResourceAsStream(ROOT + name)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the console's file " + name, e);
        }
    }
}
