/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports below the ephemeral range. In that range a client that retries a dead port of loopback may connect to itself and keep the
 * port from the server that is being restarted.
 */
public final class FreePort {

    private FreePort() {}

    public static int next() {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException occupied) {
                // Somebody else has it: try another.
            }
        }
        throw new IllegalStateException("no free port between 15000 and 32000");
    }
}
