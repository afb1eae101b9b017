/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.network.ListenerName;

/** This one-broker cluster as clients see it. Thread-safe. */
public final class Cluster {
    /** The id of the only node, which is also the controller and the coordinator of everything. */
    public static final int NODE_ID = 1;

    private final String id;
    private final Map<ListenerName, Node> nodes = new ConcurrentHashMap<>();

    public Cluster(String id) {
        this.id = id;
    }

    /** Says which address clients that come in by {@code listener} are to use. */
    public void advertise(ListenerName listener, Node node) {
        nodes.put(listener, node);
    }

    public String id() {
        return id;
    }

    /** The node for a client that came in by {@code listener}. */
    public Node node(ListenerName listener) {
        Node node = nodes.get(listener);
        if (node == null) {
            throw new BrokerNotAvailableException("listener " + listener.value() + " is only starting");
        }
        return node;
    }
}
