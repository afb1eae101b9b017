/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import io.levada.runtime.rest.extension.HttpReply;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.spi.ContainerResponseWriter;
import org.jspecify.annotations.Nullable;

/** Keeps what Jersey answers until it is whole. The worker, not Jersey, bounds how long a request may wait. */
final class ReplyWriter implements ContainerResponseWriter {
    private final CompletableFuture<HttpReply> reply = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private volatile @Nullable ContainerResponse response;
    private volatile long length = -1;

    CompletableFuture<HttpReply> reply() {
        return reply;
    }

    @Override
    public OutputStream writeResponseStatusAndHeaders(long contentLength, ContainerResponse started) {
        length = contentLength;
        response = started;
        return body;
    }

    @Override
    public void commit() {
        ContainerResponse done = response;
        if (done == null) {
            reply.completeExceptionally(new IllegalStateException("Jersey ended a request without an answer"));
            return;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        done.getStringHeaders().forEach((name, values) -> headers.put(name, List.copyOf(values)));
        if (done.getRequestContext().getMethod().equals("HEAD") && length >= 0) {
            headers.put("Content-Length", List.of(Long.toString(length)));
        }
        reply.complete(new HttpReply(done.getStatus(), headers, body.toByteArray()));
    }

    /** A request that was given up fails in Jersey in whatever way, since the worker may have taken Jersey down under it. */
    @Override
    public void failure(Throwable error) {
        if (ExtensionThreads.isGivenUp()) {
            reply.complete(JerseyHost.busy());
        } else {
            reply.completeExceptionally(error);
        }
    }

    @Override
    public boolean suspend(long timeout, TimeUnit unit, TimeoutHandler handler) {
        return true;
    }

    @Override
    public void setSuspendTimeout(long timeout, TimeUnit unit) {
        // See the class comment.
    }

    @Override
    public boolean enableResponseBuffering() {
        return true;
    }
}
