/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import io.levada.runtime.rest.extension.ExtensionHost.OwnApi;
import io.levada.runtime.rest.extension.HttpCall;
import io.levada.runtime.rest.extension.HttpReply;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.glassfish.jersey.process.Inflector;
import org.glassfish.jersey.server.model.Resource;

/**
 * The worker's own API as a JAX-RS resource, so that filters meet its requests like those of any other. It takes every path and method
 * that no extension has a resource for. Its first path segments are resources of their own, because an extension may add to them: {@code
 * /connectors/usage} of an extension stands beside the worker's {@code /connectors/...}.
 */
final class OwnApiResource implements Inflector<ContainerRequestContext, CompletionStage<Response>> {
    /** The request's property that holds its {@link OwnApi}: which paths there are depends on the listener. */
    static final String OWN_API = "io.levada.rest.own";

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final Executor threads;

    /** @param threads where response filters go on when the worker has answered */
    OwnApiResource(Executor threads) {
        this.threads = threads;
    }

    Set<Resource> resources(Set<String> roots) {
        List<String> paths =
                new ArrayList<>(roots.stream().map(root -> "/" + root).toList());
        paths.add("/");
        return Set.copyOf(paths.stream().map(this::resource).toList());
    }

    private Resource resource(String path) {
        Resource.Builder root = Resource.builder(path);
        Resource.Builder below = root.addChildResource("{own: .+}");
        for (String method : METHODS) {
            root.addMethod(method).handledBy(this);
            below.addMethod(method).handledBy(this);
        }
        return root.build();
    }

    @Override
    public CompletionStage<Response> apply(ContainerRequestContext request) {
        OwnApi own = (OwnApi) request.getProperty(OWN_API);
        HttpCall call = new HttpCall(
                request.getMethod(),
                request.getUriInfo().getBaseUri(),
                request.getUriInfo().getRequestUri(),
                request.getHeaders(),
                body(request));
        return own.answer(call).thenApplyAsync(Function.identity(), threads).thenApply(OwnApiResource::response);
    }

    private static byte[] body(ContainerRequestContext request) {
        try {
            return request.getEntityStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the body that a filter left cannot be read", e);
        }
    }

    private static Response response(HttpReply reply) {
        Response.ResponseBuilder response = Response.status(reply.status());
        reply.headers().forEach((name, values) -> values.forEach(value -> response.header(name, value)));
        if (reply.headers().containsKey("Content-Type")) {
            response.entity(reply.body());
        }
        return response.build();
    }
}
