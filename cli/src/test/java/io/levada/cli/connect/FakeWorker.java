/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** A REST API that answers what a test says, and keeps what it was asked. */
final class FakeWorker implements AutoCloseable {
    private final HttpServer server;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    /** An answer. */
    record Reply(int status, String body) {}

    /** @param answers what a method and a path with its query are answered with */
    FakeWorker(BiFunction<String, String, Reply> answers) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> answer(exchange, answers));
        server.start();
    }

    private void answer(HttpExchange exchange, BiFunction<String, String, Reply> answers) throws IOException {
        String path = exchange.getRequestURI().toString();
        calls.add(exchange.getRequestMethod() + " " + path);
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Reply reply = answers.apply(exchange.getRequestMethod(), path);
        byte[] body = reply.body.getBytes(UTF_8);
        exchange.sendResponseHeaders(reply.status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Where it listens. */
    URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    /** What it was asked, as {@code GET /path}. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** What was sent with each. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
