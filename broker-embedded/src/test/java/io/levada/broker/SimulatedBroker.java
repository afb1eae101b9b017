/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.api.Authorizer;
import io.levada.broker.api.Dispatcher;
import io.levada.broker.api.Throttle;
import io.levada.broker.thread.Threads;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.network.ListenerName;

/** A broker without a network, on threads, a clock and a disk from elsewhere. */
public final class SimulatedBroker {
    /** The listener that clients come in by. */
    public static final ListenerName LISTENER = new ListenerName("PLAINTEXT");

    private final BrokerCore core;
    private final Dispatcher dispatcher;

    private SimulatedBroker(BrokerCore core) {
        this.core = core;
        this.dispatcher = new Dispatcher(core.apis(), Authorizer.ALLOW_ALL, Throttle.NONE);
    }

    /** Opens {@code dataDir}, which may be on any file system, and recovers what it finds. */
    public static SimulatedBroker start(
            Path dataDir, Map<String, String> properties, Threads threads, InstantSource clock) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("data.dir", "elsewhere");
        BrokerConfig config = BrokerConfig.from(all);
        BrokerConfig moved = new BrokerConfig(
                config.listeners(),
                config.advertised(),
                dataDir,
                config.flush(),
                config.autoCreateTopics(),
                config.topics(),
                config.connections(),
                config.groups(),
                config.cleaner(),
                config.transactions(),
                config.load(),
                config.described());
        SimulatedBroker broker = new SimulatedBroker(new BrokerCore(moved, threads, clock));
        broker.core.cluster().advertise(LISTENER, new Node(1, "localhost", 9092));
        return broker;
    }

    public Dispatcher dispatcher() {
        return dispatcher;
    }

    /** An orderly stop. */
    public void stop() {
        core.answerWaiting();
        core.close();
    }
}
