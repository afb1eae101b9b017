/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.rest.extension.HttpCall;
import io.levada.runtime.rest.extension.HttpReply;
import io.levada.runtime.rest.http.Answer;
import io.levada.runtime.rest.http.BodyReader;
import io.levada.runtime.rest.http.Exchange;
import io.levada.runtime.rest.http.ExtraHeaders;
import io.levada.runtime.rest.http.HttpStatusException;
import io.levada.runtime.rest.http.Incoming;
import io.levada.runtime.rest.http.Json;
import io.levada.runtime.rest.http.LenientUri;
import io.levada.runtime.rest.http.MediaTypes;
import io.levada.runtime.rest.http.Query;
import io.levada.runtime.rest.http.RequestGuard;
import io.levada.runtime.rest.http.RequestPath;
import io.levada.runtime.rest.http.RequestProgress;
import io.levada.runtime.rest.http.Route;
import io.levada.runtime.rest.http.Routes;
import io.levada.runtime.rest.http.WarningHeader;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request through guard, REST extensions if there are any, route, media types and body to its endpoint, and writes the answer;
 * all on the request's event loop, but for the extensions.
 */
final class RequestHandler implements Handler<HttpServerRequest> {
    private static final InstantSource CLOCK = InstantSource.system();

    private final Routes routes;
    private final RequestGuard guard;
    private final ExtraHeaders extraHeaders;
    private final RestConfig.Limits limits;
    private final Json json;
    private final @Nullable CompletableFuture<ExtensionHost> extensions;

    /** @param extensions which every request must pass; null if the worker has none */
    RequestHandler(
            Routes routes,
            RequestGuard guard,
            ExtraHeaders extraHeaders,
            RestConfig.Limits limits,
            Json json,
            @Nullable CompletableFuture<ExtensionHost> extensions) {
        this.routes = routes;
        this.guard = guard;
        this.extraHeaders = extraHeaders;
        this.limits = limits;
        this.json = json;
        this.extensions = extensions;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Context eventLoop = Vertx.currentContext();
        RequestProgress progress = new RequestProgress();
        Map<String, String> headers = extraHeaders.at(CLOCK.instant());
        headers.put("X-Content-Type-Options", "nosniff");
        CompletableFuture<HttpReply> answer = new CompletableFuture<>();
        CompletableFuture<Buffer> body = BodyReader.read(request, limits.bodyBytesMax());
        try {
            headers.putAll(guard.admit(request));
            answer = answer(request, body, progress).toCompletableFuture();
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        // Nobody waits for this one: whatever happens has become an answer.
        CompletableFuture<Void> unused = answer.copy()
                .orTimeout(limits.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> reply(failed(failure, body.isDone(), progress)))
                .thenAccept(done -> eventLoop.runOnContext(now -> write(request, done, headers)));
    }

    private CompletionStage<HttpReply> answer(
            HttpServerRequest request, CompletableFuture<Buffer> body, RequestProgress progress) {
        if (extensions == null || (!extensions.isDone() && isProbe(request))) {
            return dispatch(Incoming.of(request, body), progress).thenApply(this::reply);
        }
        progress.waitingFor("the REST extensions");
        URI base = LenientUri.of(Incoming.originOf(request) + "/");
        String query = request.query();
        URI uri = LenientUri.of(Incoming.originOf(request) + request.path() + (query == null ? "" : "?" + query));
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers()
                .names()
                .forEach(name -> headers.put(name, request.headers().getAll(name)));
        return body.thenCombine(
                        extensions,
                        (bytes, host) -> host.handle(
                                new HttpCall(request.method().name(), base, uri, headers, bytes.getBytes()),
                                call -> own(call, progress)))
                .thenCompose(reply -> reply);
    }

    /** Whether a worker that starts is asked how far it is: that is told before the extensions are there, and nothing else. */
    private static boolean isProbe(HttpServerRequest request) {
        return request.method().name().equals("GET") && "/health".equals(request.path());
    }

    /** What comes back from the extensions' side. Failures become answers here, so that response filters see them like all others. */
    private CompletionStage<HttpReply> own(HttpCall call, RequestProgress progress) {
        try {
            return dispatch(Incoming.of(call), progress)
                    .exceptionally(failure -> failed(failure, true, progress))
                    .thenApply(this::reply);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(reply(failed(e, true, progress)));
        }
    }

    private CompletionStage<Answer> dispatch(Incoming request, RequestProgress progress) {
        List<String> path = RequestPath.segments(request.path());
        if (request.method().equals("OPTIONS")) {
            Answer allowed = new Answer(200, Answer.JSON, new byte[0], Map.of("Allow", routes.allowedOn(path)));
            return CompletableFuture.completedFuture(allowed);
        }
        Routes.Match match = routes.find(request.method(), path);
        checkMediaTypes(request, match.route());
        String accept = request.header("Accept");
        return request.body()
                .thenCompose(bytes -> match.route()
                        .endpoint()
                        .answer(new Exchange(
                                match.variables(),
                                request.path().endsWith("/"),
                                Query.of(request.query()),
                                accept == null ? "" : accept,
                                request,
                                request.origin(),
                                bytes,
                                progress)));
    }

    private static void checkMediaTypes(Incoming request, Route route) {
        String contentType = request.header("Content-Type");
        boolean reads = route.method().equals("GET");
        if (!reads
                && (contentType == null ? route.takesBody() && request.hasBody() : !MediaTypes.isJson(contentType))) {
            throw new HttpStatusException(415, "HTTP 415 Unsupported Media Type");
        }
        if (!MediaTypes.accepts(request.header("Accept"), route.produces())) {
            throw new HttpStatusException(406, "HTTP 406 Not Acceptable");
        }
    }

    private Answer failed(Throwable failure, boolean bodyCame, RequestProgress progress) {
        if (Failures.unwrap(failure) instanceof TimeoutException) {
            if (!bodyCame) {
                return Answer.error(
                        408,
                        "The request's body did not arrive to its end within "
                                + limits.requestTimeout().toSeconds()
                                + " s. Send as many bytes as Content-Length says, or the last chunk.");
            }
            return Answer.error(500, "Request timed out. The worker is waiting for " + progress.waitingFor() + ".");
        }
        return ErrorTable.answer(failure);
    }

    private HttpReply reply(Answer answer) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        answer.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        if (!answer.warnings().isEmpty()) {
            headers.put(WarningHeader.NAME, WarningHeader.values(answer.warnings()));
        }
        if (answer.contentType() != null) {
            headers.put("Content-Type", List.of(answer.contentType()));
        }
        return new HttpReply(answer.status(), headers, bytes(answer));
    }

    private void write(HttpServerRequest request, HttpReply reply, Map<String, String> headers) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        headers.forEach(response::putHeader);
        try {
            response.setStatusCode(reply.status());
            reply.headers().forEach(response::putHeader);
        } catch (IllegalArgumentException e) { // such as a line break in a header of an extension's
            reply.headers().keySet().forEach(response.headers()::remove);
            write(request, reply(Answer.error(500, "The answer cannot be sent: " + e.getMessage())), headers);
            return;
        }
        boolean last = !request.isEnded(); // the rest of the body is not wanted, and need not come
        if (last) {
            response.putHeader("Connection", "close");
        }
        boolean head = request.method().name().equals("HEAD");
        if (head && !response.headers().contains("Content-Length")) {
            response.putHeader("Content-Length", Integer.toString(reply.body().length));
        }
        Future<Void> written = head ? response.end() : response.end(Buffer.buffer(reply.body()));
        if (last) {
            written.onComplete(done -> request.connection().close());
        }
    }

    private byte[] bytes(Answer answer) {
        Object body = answer.body();
        if (answer.contentType() == null || body == null) {
            return new byte[0];
        }
        return body instanceof byte[] raw ? raw : json.write(body);
    }
}
