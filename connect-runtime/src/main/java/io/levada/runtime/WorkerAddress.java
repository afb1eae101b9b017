/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import io.levada.runtime.config.WorkerConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;

/** The name of a worker: {@code host:port} of its REST API as others reach it. */
final class WorkerAddress {
    private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::", "[::]");

    private WorkerAddress() {}

    /**
     * From {@code rest.advertised.*}, or the first listener.
     *
     * @param restPort the port that REST listens on
     */
    static String of(WorkerConfig config, int restPort) {
        String host = config.properties().get("rest.advertised.host.name");
        String port = config.properties().get("rest.advertised.port");
        return (host == null ? listenerHost(config) : host) + ":" + (port == null ? String.valueOf(restPort) : port);
    }

    private static String listenerHost(WorkerConfig config) {
        String first = config.text("listeners").split(",", -1)[0].strip();
        String host = URI.create(first).getHost();
        return host == null || EVERY_ADDRESS.contains(host) ? thisHost() : host;
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException ignored) {
            return "localhost"; // A machine without a name is reached by nobody else either.
        }
    }
}
