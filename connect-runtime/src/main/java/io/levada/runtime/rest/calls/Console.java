/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.Route;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The console: files below {@code /web/} on the class path, served below {@code /ui/} with a strict content security policy. */
final class Console {
    /** What a route produces that looks at the Accept header itself, or does not care. */
    static final String ANYTHING = "*/*";

    /** No slash and no leading dot: a file of this folder, never one above it. */
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

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

    /** Whether a request for {@code /} comes from somebody who looks at it in a browser, rather than from a client of the API. */
    static boolean isBrowser(String accept) {
        return accept.contains("text/html") && !accept.contains(Answer.JSON);
    }

    static Answer redirect() {
        return Answer.empty(302).with("Location", "/ui/");
    }

    List<Route> routes() {
        return List.of(
                Route.get("/ui", this::index).producing(ANYTHING),
                Route.get("/ui/{file}", exchange -> file(exchange, "file")).producing(ANYTHING),
                Route.get("/ui/{folder}/{file}", exchange -> file(exchange, "folder", "file"))
                        .producing(ANYTHING));
    }

    /** The files that the page asks for are named relative to {@code /ui/}: without the slash none would be found. */
    private CompletionStage<Answer> index(Exchange exchange) {
        return exchange.endsWithSlash() ? file("index.html") : CompletableFuture.completedFuture(redirect());
    }

    private CompletionStage<Answer> file(Exchange exchange, String... path) {
        List<String> names = Arrays.stream(path).map(exchange::variable).toList();
        if (exchange.endsWithSlash()
                || !names.stream().allMatch(name -> FILE.matcher(name).matches())) {
            throw HttpStatusException.notFound();
        }
        return file(String.join("/", names));
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
