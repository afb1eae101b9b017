/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Throttle;
import io.levada.broker.cluster.Cluster;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.network.BrokerServer;
import io.levada.broker.network.Endpoint;
import io.levada.broker.spelling.FailureText;
import io.levada.broker.thread.Threads;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker inside this process: one node, its own controller, reached over TCP by any Kafka client.
 *
 * <p>{@link #start} and {@link #close} block and may be called from any thread that nobody interrupts.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedBroker.class);
    private final OpenParts parts = new OpenParts();
    private final List<Endpoint> bound = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Cluster cluster;

    private EmbeddedBroker(BrokerConfig config, Authorizer authorizer, Throttle throttle) throws IOException {
        try {
            BrokerCore core = parts.opened(new BrokerCore(config, Threads.ofSystem(), InstantSource.system()));
            cluster = core.cluster();
            BrokerServer server = parts.opened(
                    new BrokerServer(config.connections(), config.load().networkThreads()));
            parts.opened(core::answerWaiting);
            listen(config, server, new Dispatcher(core.apis(), authorizer, throttle));
        } catch (IOException | RuntimeException e) {
            parts.closeBecauseOf(e);
            throw e;
        }
    }

    /**
     * Opens the data directory, recovers what a crash left, and serves.
     *
     * @throws BrokerStartException if it cannot; nothing stays open then
     */
    public static EmbeddedBroker start(BrokerConfig config) {
        return start(config, Authorizer.ALLOW_ALL, Throttle.NONE);
    }

    /** The same, with rules of who may do what, and how fast. */
    static EmbeddedBroker start(BrokerConfig config, Authorizer authorizer, Throttle throttle) {
        try {
            EmbeddedBroker broker = new EmbeddedBroker(config, authorizer, throttle);
            LOGGER.atInfo()
                    .addKeyValue("listeners", broker.addresses())
                    .addKeyValue("advertised", broker.advertised())
                    .addKeyValue("dataDir", config.dataDir().toAbsolutePath())
                    .log("broker started");
            return broker;
        } catch (BrokerStartException e) {
            throw e;
        } catch (LogDirectoryException e) {
            throw new BrokerStartException(String.valueOf(e.getMessage()), e);
        } catch (IOException | RuntimeException e) {
            // Whatever else stands in the way, the caller gets one line; the cause keeps the rest.
            throw BrokerStartException.because(e);
        }
    }

    /** {@code host:port} for clients on this machine, separated by commas, in the order of {@code broker.listeners}. */
    public String bootstrapServers() {
        return String.join(",", bound.stream().map(Advertised::reachable).toList());
    }

    /** Where it really listens: {@code 0.0.0.0:9092} if others can reach it. */
    private String addresses() {
        return String.join(",", bound.stream().map(Endpoint::address).toList());
    }

    /** What clients are told to connect to. */
    private String advertised() {
        return String.join(
                ",",
                bound.stream()
                        .map(served -> cluster.node(served.listener()))
                        .map(node -> node.host() + ":" + node.port())
                        .distinct()
                        .toList());
    }

    /** The id of the cluster, which stays with the data directory. */
    public String clusterId() {
        return cluster.id();
    }

    /** Stops accepting, answers what is in flight, flushes, and marks the data directory as closed in good order. Further calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            parts.close();
            LOGGER.atInfo().addKeyValue("listeners", addresses()).log("broker stopped");
        }
    }

    private void listen(BrokerConfig config, BrokerServer server, Dispatcher dispatcher) throws IOException {
        for (Endpoint endpoint : config.listeners()) {
            try {
                Endpoint served = server.listen(endpoint, dispatcher);
                bound.add(served);
                Node told = Advertised.node(served, config.advertised());
                cluster.advertise(served.listener(), told);
                if (!served.isLoopback() && new Endpoint(served.listener(), told.host(), told.port()).isLoopback()) {
                    LOGGER.atWarn()
                            .addKeyValue("listener", served.address())
                            .addKeyValue("advertised", told.host() + ":" + told.port())
                            .log("clients on other machines are told an address that means themselves; set "
                                    + BrokerConfigKeys.ADVERTISED_LISTENERS + " to one that they reach");
                }
            } catch (IOException e) {
                throw new BrokerStartException(
                        "the broker cannot listen on " + endpoint.address() + " (" + FailureText.of(e)
                                + "); stop what uses that port or give another one in " + BrokerConfigKeys.LISTENERS,
                        e);
            }
        }
    }
}
