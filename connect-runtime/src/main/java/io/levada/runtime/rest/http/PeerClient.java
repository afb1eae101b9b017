/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.levada.runtime.peers.Peers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks other workers over HTTP, or over HTTPS with the certificates of this worker's own listeners. */
public final class PeerClient implements Peers {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    /** A little more than a worker takes to say that it takes too long. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(95);

    /** To one worker: what waits there must not hold up what else is asked of it. */
    private static final int CONNECTIONS_MAX = 64;

    private final HttpClient client;

    /** @param tls of the listeners; null if none of them speaks HTTPS */
    public PeerClient(Vertx vertx, @Nullable ListenerTls tls, int headerBytesMax) {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(CONNECT_MAX.toMillis()))
                .setMaxHeaderSize(headerBytesMax)
                .setUseAlpn(false);
        if (tls != null) {
            tls.apply(options);
        }
        this.client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
    }

    @Override
    public CompletionStage<Answer> send(Request request) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method()))
                .setAbsoluteURI(request.url())
                .setTimeout(ANSWER_MAX.toMillis());
        request.headers().forEach(options::putHeader);
        if (request.body().length > 0) {
            options.putHeader("Content-Type", io.levada.runtime.rest.http.Answer.JSON);
        }
        options.putHeader("Accept", io.levada.runtime.rest.http.Answer.JSON);
        return client.request(options)
                .compose(open -> open.send(Buffer.buffer(request.body())))
                .compose(PeerClient::answer)
                .toCompletionStage();
    }

    private static Future<Answer> answer(HttpClientResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
        return response.body().map(body -> new Answer(response.statusCode(), headers, body.getBytes()));
    }
}
