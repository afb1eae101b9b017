/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers whatever is asked with the same answer, as a worker, a proxy or another service would. */
final class StubWorker implements AutoCloseable {
    private final HttpServer server;
    private final List<String> authorisations = new CopyOnWriteArrayList<>();

    StubWorker(int status, String body, String... header) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorisations.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
            if (header.length == 2) {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://localhost:" + port();
    }

    /** The Authorization headers that came, in their order. */
    List<String> authorisations() {
        return authorisations;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
