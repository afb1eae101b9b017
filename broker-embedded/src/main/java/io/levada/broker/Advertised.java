/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.cluster.Cluster;
import io.levada.broker.network.Endpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.kafka.common.Node;

/** What clients are told to connect to. */
final class Advertised {
    private Advertised() {}

    /** The node as clients of {@code served} are to reach it: as {@code advertised} says, or else where it listens. */
    static Node node(Endpoint served, List<Endpoint> advertised) {
        Endpoint told = advertised.stream()
                .filter(endpoint -> endpoint.listener().equals(served.listener()))
                .findFirst()
                .orElse(served);
        String host = told.isEveryAddress() ? nameOfThisHost() : told.host();
        return new Node(Cluster.NODE_ID, host, told.port() == 0 ? served.port() : told.port());
    }

    /** {@code host:port} for clients on this machine. */
    static String reachable(Endpoint served) {
        return served.isEveryAddress() ? "localhost:" + served.port() : served.address();
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
