/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import jakarta.annotation.Priority;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.Monitorable;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;

/** An extension with one of everything that can be registered. It lets nobody in who does not know the worker's {@code gate.key}. */
public final class GateExtension implements ConnectRestExtension, Monitorable {
    static final ConcurrentLinkedQueue<String> EVENTS = new ConcurrentLinkedQueue<>();

    private String key = "";

    @Override
    public void configure(Map<String, ?> worker) {
        key = String.valueOf(worker.get("gate.key"));
        EVENTS.add("configure");
    }

    @Override
    public void withPluginMetrics(PluginMetrics metrics) {
        int keyLength = key.length();
        metrics.addMetric(
                metrics.metricName("key-length", "Of the key it was configured with.", new LinkedHashMap<>()),
                (Gauge<Integer>) (config, now) -> keyLength);
    }

    @Override
    public void register(ConnectRestExtensionContext context) {
        context.configurable().register(new KeyFilter(key));
        context.configurable().register(new Rename());
        context.configurable().register(new Mark());
        context.configurable().register(new Shout());
        context.configurable().register(new TeapotMapper());
        context.configurable().register(new Usage(context.clusterState()));
        context.configurable().register(Extra.class);
        EVENTS.add("register");
    }

    @Override
    public String version() {
        return "7";
    }

    @Override
    public void close() {
        EVENTS.add("close");
    }

    /** Refuses who does not bring the key, and reads the body of who does. */
    @Priority(Priorities.AUTHENTICATION)
    static final class KeyFilter implements ContainerRequestFilter {
        private final String key;

        KeyFilter(String key) {
            this.key = key;
        }

        @Override
        public void filter(ContainerRequestContext request) throws IOException {
            if (!key.equals(request.getHeaderString("X-Key"))) {
                request.abortWith(Response.status(401)
                        .header("WWW-Authenticate", "Key realm=\"gate\"")
                        .header("Set-Cookie", "a=1")
                        .header("Set-Cookie", "b=2")
                        .type("text/plain")
                        .entity("no key, no entry")
                        .build());
                return;
            }
            byte[] body = request.getEntityStream().readAllBytes();
            request.setProperty("length", body.length);
            request.setEntityStream(new ByteArrayInputStream(body));
        }
    }

    /** Knows another name for a path. */
    @PreMatching
    static final class Rename implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getUriInfo().getPath().equals("all-connectors")) {
                request.setRequestUri(request.getUriInfo().getBaseUri().resolve("/connectors"));
            }
        }
    }

    /** Marks each answer. */
    static final class Mark implements ContainerResponseFilter {
        @Override
        public void filter(ContainerRequestContext request, ContainerResponseContext response) {
            response.getHeaders().putSingle("X-Gate", "passed");
            Object length = request.getProperty("length");
            response.getHeaders().putSingle("X-Length", length == null ? "none" : length);
            response.getHeaders().putSingle("X-Thread", Thread.currentThread().getName());
        }
    }

    /** Adds to what goes out, if asked. */
    static final class Shout implements WriterInterceptor {
        @Override
        public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
            context.proceed();
            if (context.getHeaders().containsKey("X-Shout")) {
                context.getOutputStream().write("!".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** Its own answer for its own failure. */
    static final class TeapotMapper implements ExceptionMapper<UnsupportedOperationException> {
        @Override
        public Response toResponse(UnsupportedOperationException failure) {
            return Response.status(418)
                    .entity(failure.getMessage())
                    .type("text/plain")
                    .build();
        }
    }

    /** Beside the worker's own paths below {@code /connectors}. */
    @Path("/connectors")
    @Produces("application/json")
    public static final class Usage {
        private final ConnectClusterState cluster;

        Usage(ConnectClusterState cluster) {
            this.cluster = cluster;
        }

        @GET
        @Path("usage")
        public Map<String, Object> usage() {
            return Map.of(
                    "connectors",
                    List.copyOf(cluster.connectors()),
                    "cluster",
                    cluster.clusterDetails().kafkaClusterId());
        }

        @GET
        @Path("usage/{name}")
        public Map<String, Object> usage(@PathParam("name") String name) {
            return Map.of(
                    "state",
                    cluster.connectorHealth(name).connectorState().state(),
                    "tasks",
                    cluster.connectorHealth(name).tasksState().size(),
                    "type",
                    cluster.connectorHealth(name).type().toString(),
                    "class",
                    cluster.connectorConfig(name).get("connector.class"));
        }
    }

    /** Paths of its own. */
    @Path("/extra")
    @SuppressWarnings("DoNotCallSuggester") // Jersey calls them, to see what comes of it.
    public static final class Extra {
        @GET
        @Path("unsendable")
        public Response unsendable() {
            return Response.ok("fine").header("X-Note", "one\r\nX-Two: two").build();
        }

        @GET
        @Path("shout")
        @Produces("text/plain")
        public Response shout() {
            return Response.ok("hello").header("X-Shout", "yes").build();
        }

        @POST
        @Path("echo")
        public String echo(String body) {
            return body;
        }

        @GET
        @Path("tea")
        public String tea() {
            throw new UnsupportedOperationException("short and stout");
        }

        @GET
        @Path("forbidden")
        public String forbidden() {
            throw new ForbiddenException("not even you");
        }

        @GET
        @Path("broken")
        public String broken() {
            throw new IllegalArgumentException("broken inside");
        }
    }
}
