/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginClose;
import io.levada.runtime.plugins.WorkerPlugin;
import io.levada.runtime.rest.extension.ExtensionHost;
import io.levada.runtime.rest.extension.HttpCall;
import io.levada.runtime.rest.extension.HttpReply;
import io.levada.runtime.rest.extension.RestExtensions;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.RuntimeDelegate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;
import org.glassfish.jersey.server.internal.RuntimeDelegateImpl;
import org.jspecify.annotations.Nullable;

/**
 * Jersey with the extensions' filters and resources in it, and the worker's own API as the resource of last resort. Requests run extension code on {@link
 * ExtensionThreads}; at most {@value #WAITING} wait for one, more are answered with 503.
 */
final class JerseyHost implements ExtensionHost {
    /** Warns of each resource registered as an object that it "will be ignored", which is not so. Held, or its level is lost. */
    private static final java.util.logging.Logger PROVIDERS =
            java.util.logging.Logger.getLogger("org.glassfish.jersey.internal.inject.Providers");

    private static final int WAITING = 1_000;

    private final List<ConnectRestExtension> extensions;
    private final ApplicationHandler jersey;
    private final ExtensionThreads threads;

    private JerseyHost(List<ConnectRestExtension> extensions, ApplicationHandler jersey, ExtensionThreads threads) {
        this.extensions = List.copyOf(extensions);
        this.jersey = jersey;
        this.threads = threads;
    }

    /** Throws {@link org.apache.kafka.common.config.ConfigException} that names the extension that failed, all being closed then. */
    static JerseyHost open(List<ConnectRestExtension> extensions, ConnectClusterState cluster, Set<String> ownRoots) {
        return open(extensions, cluster, ownRoots, ExtensionThreads.Times.DEFAULT);
    }

    static JerseyHost open(
            List<ConnectRestExtension> extensions,
            ConnectClusterState cluster,
            Set<String> ownRoots,
            ExtensionThreads.Times times) {
        ClassLoader own = JerseyHost.class.getClassLoader();
        // Response.status() and the like find their implementation here, whatever loader the plugin that calls them
        // has.
        PROVIDERS.setLevel(Level.SEVERE);
        RuntimeDelegate.setInstance(LoaderSwap.call(own, RuntimeDelegateImpl::new));
        ExtensionThreads threads = new ExtensionThreads(new ExtensionLoaders(extensions, own), times);
        try {
            ResourceConfig config = LoaderSwap.call(
                    own,
                    () -> new ResourceConfig()
                            .property(ServerProperties.WADL_FEATURE_DISABLE, true)
                            .property(CommonProperties.PROVIDER_DEFAULT_DISABLE, "DATASOURCE") // of mail attachments
                            .register(new JacksonJsonProvider())
                            .register(new ErrorMessages())
                            .register(new LastCheck())
                            .registerResources(new OwnApiResource(threads).resources(ownRoots)));
            for (ConnectRestExtension extension : extensions) {
                String name = extension.getClass().getName();
                WorkerPlugin.of(RestExtensions.KEY, name, extension.getClass().getClassLoader(), () -> {
                    extension.register(new ExtensionContext(config, cluster));
                    return extension;
                });
            }
            ApplicationHandler jersey = WorkerPlugin.of(
                    RestExtensions.KEY,
                    String.join(
                            ",",
                            extensions.stream()
                                    .map(extension -> extension.getClass().getName())
                                    .toList()),
                    own,
                    () -> new ApplicationHandler(config));
            return new JerseyHost(extensions, jersey, threads);
        } catch (RuntimeException e) {
            threads.close();
            close(extensions);
            throw e;
        }
    }

    @Override
    public CompletionStage<HttpReply> handle(HttpCall call, OwnApi own) {
        // Counted at the door, and not by the queue: an answer of the worker must always find a place in it.
        if (threads.waiting() >= WAITING || threads.allHang()) {
            return CompletableFuture.completedFuture(busy());
        }
        ReplyWriter writer = new ReplyWriter();
        try {
            threads.request(
                    () -> {
                        try {
                            jersey.handle(request(call, own, writer));
                        } catch (Throwable e) { // extension code on our thread: its errors belong to the answer
                            writer.failure(e);
                        }
                    },
                    () -> writer.reply().complete(busy()));
        } catch (RejectedExecutionException e) { // the worker stops
            return CompletableFuture.completedFuture(busy());
        }
        return writer.reply();
    }

    private ContainerRequest request(HttpCall call, OwnApi own, ReplyWriter writer) {
        ContainerRequest request = new ContainerRequest(
                call.base(),
                call.uri(),
                call.method(),
                new Anonymous("https".equals(call.base().getScheme())),
                new MapPropertiesDelegate(),
                jersey.getConfiguration());
        call.headers().forEach(request::headers);
        request.setEntityStream(new ByteArrayInputStream(call.body()));
        request.setProperty(OwnApiResource.OWN_API, own);
        request.setWriter(writer);
        return request;
    }

    static HttpReply busy() {
        byte[] body =
                "{\"error_code\":503,\"message\":\"Too many requests wait for the REST extensions. Try again later.\"}"
                        .getBytes(StandardCharsets.UTF_8);
        return new HttpReply(503, Map.of("Content-Type", List.of("application/json")), body);
    }

    @Override
    public void close() {
        threads.close();
        close(extensions);
        // Calls listeners that extensions have registered.
        PluginClose.of(RestExtensions.KEY, JerseyHost.class, () -> jersey.onShutdown(null));
        RuntimeDelegate.setInstance(null);
    }

    private static void close(List<ConnectRestExtension> extensions) {
        for (int i = extensions.size() - 1; i >= 0; i--) {
            ConnectRestExtension extension = extensions.get(i);
            PluginClose.of(RestExtensions.KEY, extension.getClass(), extension);
        }
    }

    /** Nobody has logged in before a filter says so. */
    private record Anonymous(boolean secure) implements SecurityContext {
        @Override
        public @Nullable Principal getUserPrincipal() {
            return null;
        }

        @Override
        public boolean isUserInRole(String role) {
            return false;
        }

        @Override
        public boolean isSecure() {
            return secure;
        }

        @Override
        public @Nullable String getAuthenticationScheme() {
            return null;
        }
    }
}
