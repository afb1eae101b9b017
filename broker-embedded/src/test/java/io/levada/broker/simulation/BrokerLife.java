/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.SimulatedBroker;
import io.levada.broker.api.Reply;
import io.levada.broker.api.Session;
import io.levada.broker.network.SimulatedConnection;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** The broker from one start to its end, and who is connected to it. */
final class BrokerLife {
    private final SimulatedBroker broker;
    private final SimulatedThreads threads;
    private final Executor eventLoop;
    private final List<Link> links = new ArrayList<>();
    private boolean over;

    BrokerLife(SimulatedBroker broker, SimulatedThreads threads) {
        this.broker = broker;
        this.threads = threads;
        this.eventLoop = threads.single("network");
    }

    boolean isOver() {
        return over;
    }

    SimulatedConnection connect(Link link, Consumer<Reply> replies) {
        links.add(link);
        Session session = broker.dispatcher().open(InetAddress.getLoopbackAddress(), SimulatedBroker.LISTENER);
        return new SimulatedConnection(frame -> broker.dispatcher().dispatch(frame, session), eventLoop, replies);
    }

    void left(Link link) {
        links.remove(link);
    }

    /** The process is gone, its connections with it. */
    void die() {
        over = true;
        threads.die();
        List.copyOf(links).forEach(Link::cut);
    }

    /** An orderly stop. */
    void stop() {
        threads.stop();
        broker.stop();
        die();
    }
}
