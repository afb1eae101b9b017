/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Takes a request through guard, route, media types and body to its endpoint, and writes the answer; all on the request's event loop. */
final class RequestHandler implements Handler<HttpServerRequest> {
    private final Routes routes;
    private final RequestGuard guard;
    private final ExtraHeaders extraHeaders;
    private final RestConfig.Limits limits;
    private final Json json;

    RequestHandler(Routes routes, RequestGuard guard, ExtraHeaders extraHeaders, RestConfig.Limits limits, Json json) {
        this.routes = routes;
        this.guard = guard;
        this.extraHeaders = extraHeaders;
        this.limits = limits;
        this.json = json;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Context eventLoop = Vertx.currentContext();
        Progress progress = new Progress();
        Map<String, String> headers = new HashMap<>(extraHeaders.headers());
        headers.put("X-Content-Type-Options", "nosniff");
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            CompletableFuture<Buffer> body = BodyReader.read(request, limits.bodyBytesMax());
            headers.putAll(guard.admit(request));
            answer = dispatch(request, body, progress).toCompletableFuture();
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        // Nobody waits for this one: whatever happens has become an answer.
        CompletableFuture<Void> unused = answer.copy()
                .orTimeout(limits.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> failed(failure, progress))
                .thenAccept(done -> eventLoop.runOnContext(now -> write(request, done, headers)));
    }

    private CompletionStage<Answer> dispatch(
            HttpServerRequest request, CompletableFuture<Buffer> body, Progress progress) {
        String method = request.method().name();
        List<String> path = RequestPath.segments(request.path());
        if (method.equals("OPTIONS")) {
            Answer allowed = new Answer(200, Answer.JSON, new byte[0], Map.of("Allow", routes.allowedOn(path)));
            return CompletableFuture.completedFuture(allowed);
        }
        Routes.Match match = routes.find(method, path);
        checkMediaTypes(request, match.route());
        String accept = request.getHeader("Accept");
        String origin = request.scheme() + "://" + request.authority();
        return body.thenCompose(bytes -> match.route()
                .endpoint()
                .answer(new Exchange(
                        match.variables(),
                        Query.of(request.query()),
                        accept == null ? "" : accept,
                        origin,
                        bytes,
                        progress)));
    }

    private static void checkMediaTypes(HttpServerRequest request, Route route) {
        String contentType = request.getHeader("Content-Type");
        boolean reads = route.method().equals("GET");
        if (!reads && (contentType == null ? route.takesBody() && hasBody(request) : !MediaTypes.isJson(contentType))) {
            throw new HttpStatusException(415, "HTTP 415 Unsupported Media Type");
        }
        if (!MediaTypes.accepts(request.getHeader("Accept"), route.produces())) {
            throw new HttpStatusException(406, "HTTP 406 Not Acceptable");
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return request.getHeader("Transfer-Encoding") != null || (length != null && !length.equals("0"));
    }

    private static Answer failed(Throwable failure, Progress progress) {
        if (ErrorTable.unwrapped(failure) instanceof TimeoutException) {
            return Answer.error(500, "Request timed out. The worker is waiting for " + progress.waitingFor() + ".");
        }
        return ErrorTable.answer(failure);
    }

    private void write(HttpServerRequest request, Answer answer, Map<String, String> headers) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(answer.status());
        headers.forEach(response::putHeader);
        answer.headers().forEach(response::putHeader);
        if (!answer.warnings().isEmpty()) {
            response.putHeader(WarningHeader.NAME, WarningHeader.values(answer.warnings()));
        }
        if (answer.contentType() != null) {
            response.putHeader("Content-Type", answer.contentType());
        }
        byte[] body = bytes(answer);
        if (!request.isEnded()) {
            response.putHeader("Connection", "close"); // the rest of the body is not wanted
        }
        if (request.method().name().equals("HEAD")) {
            response.putHeader("Content-Length", Integer.toString(body.length));
            response.end();
        } else {
            response.end(Buffer.buffer(body));
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
