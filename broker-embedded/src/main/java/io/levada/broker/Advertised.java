/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.cluster.Cluster;
import io.levada.broker.network.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Node;

/** What clients are told to connect to. */
final class Advertised {
    private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::");

    private Advertised() {}

    /** The node as clients of {@code served} are to reach it: as {@code advertised} says, or else where it listens. */
    static Node node(Endpoint served, List<Endpoint> advertised) {
        Endpoint told = advertised.stream()
                .filter(endpoint -> endpoint.listener().equals(served.listener()))
                .findFirst()
                .orElse(served);
        String host = EVERY_ADDRESS.contains(told.host()) ? nameOfThisHost() : told.host();
        return new Node(Cluster.NODE_ID, host, told.port() == 0 ? served.port() : told.port());
    }

    /** {@code host:port} for clients on this machine. */
    static String reachable(Endpoint served) {
        return EVERY_ADDRESS.contains(served.host()) ? "localhost:" + served.port() : served.address();
    }

    private static String nameOfThisHost() {
        try {
            return InetAddress.getLocalHost().getCanonicalHostName();
        } catch (UnknownHostException e) {
            // A host that does not know its own name is still reachable from itself.
            return "localhost";
        }
    }
}
