/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.api.Dispatcher;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on endpoints and keeps the connections. Started and closed by one thread. */
public final class BrokerServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerServer.class);
    private static final Duration BIND_MAX = Duration.ofSeconds(30);
    private static final Duration FINISH_MAX = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = FINISH_MAX.plusSeconds(5);
    private final Vertx vertx;
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
    private final ConnectionSettings settings;
    private final RequestMemory memory;
    private final int eventLoops;
    private final List<ListenerVerticle> listeners = new CopyOnWriteArrayList<>();

    public BrokerServer(ConnectionSettings settings, int eventLoops) {
        this.settings = settings;
        this.eventLoops = eventLoops;
        this.memory = new RequestMemory(settings.queuedBytesMax());
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(eventLoops)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        vertx.setPeriodic(SWEEP_EVERY.toMillis(), ignored -> memory.sweep());
    }

    /**
     * Binds {@code endpoint} and serves it.
     *
     * @return the endpoint with the port that is really bound
     * @throws IOException if it cannot be bound
     */
    public Endpoint listen(Endpoint endpoint, Dispatcher dispatcher) throws IOException {
        // Vert.x lets servers share a port if they ask for the same one; a negative number means one and the same free
        // port.
        int port = endpoint.port() == 0 ? -1 - listeners.size() : endpoint.port();
        DeploymentOptions everyLoop = new DeploymentOptions().setInstances(eventLoops);
        await(
                vertx.deployVerticle(
                        () -> {
                            ListenerVerticle listener =
                                    new ListenerVerticle(endpoint.withPort(0), port, settings, dispatcher, memory);
                            listeners.add(listener);
                            return listener;
                        },
                        everyLoop),
                BIND_MAX);
        return endpoint.withPort(listeners.get(listeners.size() - 1).boundPort());
    }

    /** Accepts nothing more, answers what is in flight (at most five seconds), closes every connection. */
    @Override
    public void close() {
        try {
            await(
                    Future.join(listeners.stream()
                            .map(listener -> listener.finish(FINISH_MAX))
                            .toList()),
                    CLOSE_MAX);
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("listeners did not close in time");
        }
        try {
            await(vertx.close(), CLOSE_MAX);
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("event loops did not close in time");
        }
    }

    private static void await(Future<?> future, Duration limit) throws IOException {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
