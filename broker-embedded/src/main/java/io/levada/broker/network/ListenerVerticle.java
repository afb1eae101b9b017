/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Session;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One endpoint on one event loop. As many of these as there are event loops share a port, and Vert.x spreads connections over them. */
final class ListenerVerticle extends VerticleBase {
    private static final int ACCEPT_BACKLOG = 1024;
    private final Endpoint endpoint;
    private final int port;
    private final ConnectionSettings settings;
    private final Dispatcher dispatcher;
    private final RequestMemory memory;
    private volatile @Nullable NetServer server;

    ListenerVerticle(
            Endpoint endpoint, int port, ConnectionSettings settings, Dispatcher dispatcher, RequestMemory memory) {
        this.endpoint = endpoint;
        this.port = port;
        this.settings = settings;
        this.dispatcher = dispatcher;
        this.memory = memory;
    }

    @Override
    public Future<?> start() {
        NetServerOptions options = new NetServerOptions()
                .setHost(endpoint.host().isEmpty() ? Endpoint.EVERY_ADDRESS : endpoint.host())
                .setPort(port)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, settings.idleMax().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        if (settings.buffers().send() > 0) {
            options.setSendBufferSize(settings.buffers().send());
        }
        if (settings.buffers().receive() > 0) {
            options.setReceiveBufferSize(settings.buffers().receive());
        }
        NetServer listening = vertx.createNetServer(options).connectHandler(this::connected);
        server = listening;
        return listening.listen();
    }

    int boundPort() {
        NetServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    /** Frees the port and lets every connection answer what is in flight; done when all are closed, by force after {@code limit}. */
    Future<Void> finish(Duration limit) {
        NetServer listening = server;
        return listening == null ? Future.succeededFuture() : listening.shutdown(limit);
    }

    private void connected(NetSocket socket) {
        Session session = dispatcher.open(addressOf(socket), endpoint.listener());
        Connection.Server shared = new Connection.Server(context, dispatcher, settings.frames(), memory);
        Connection connection = new Connection((NetSocketInternal) socket, session, shared, !socket.isSsl());
        long deadline = vertx.setTimer(settings.firstRequestMax().toMillis(), ignored -> {
            if (!connection.isTrusted()) {
                connection.close();
            }
        });
        socket.exceptionHandler(ignored -> connection.close());
        socket.shutdownHandler(ignored -> connection.finish());
        socket.closeHandler(ignored -> {
            vertx.cancelTimer(deadline);
            connection.disconnected();
        });
    }

    private static InetAddress addressOf(NetSocket socket) {
        try {
            return InetAddress.getByName(socket.remoteAddress().hostAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("a connected socket has a numeric address", e);
        }
    }
}
