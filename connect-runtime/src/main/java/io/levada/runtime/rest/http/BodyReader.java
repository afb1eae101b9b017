/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletableFuture;

/** Reads a request's body up to a limit; more is answered with 413 and not kept, what cannot be read with 400. */
public final class BodyReader {
    private BodyReader() {}

    /** Must be called before the event loop goes on, so that no part of the body is missed. */
    public static CompletableFuture<Buffer> read(HttpServerRequest request, int bytesMax) {
        CompletableFuture<Buffer> body = new CompletableFuture<>();
        Buffer received = Buffer.buffer();
        request.handler(part -> {
            if (received.length() + part.length() > bytesMax) {
                body.completeExceptionally(tooLarge(bytesMax));
            } else if (!body.isDone()) {
                received.appendBuffer(part);
            }
        });
        request.endHandler(end -> body.complete(received));
        // Broken chunks, or a sender that went away in the middle: its fault, not the worker's.
        request.exceptionHandler(broken -> body.completeExceptionally(
                new MalformedBodyException("The request body cannot be read to its end: " + broken.getMessage())));
        return body;
    }

    private static HttpStatusException tooLarge(int bytesMax) {
        return new HttpStatusException(413, "The request body is larger than " + bytesMax + " bytes");
    }
}
