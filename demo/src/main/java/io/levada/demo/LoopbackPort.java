/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of loopback. They are below the range that systems take for outgoing connections: a port kept for the next run would
 * often be somebody's by then, and a client that retries a dead port of that range may connect to itself.
 */
final class LoopbackPort {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private LoopbackPort() {}

    /** The port asked for if it is free, else any; 0 asks for any. */
    static int freeOr(int wanted) throws IOException {
        if (wanted > 0 && isFree(wanted)) {
            return wanted;
        }
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IOException("no port between " + LOWEST + " and " + HIGHEST + " is free on localhost");
    }

    private static boolean isFree(int port) throws IOException {
        for (InetAddress address : InetAddress.getAllByName("localhost")) {
            try (ServerSocket socket = new ServerSocket(port, 1, address)) {
                if (!socket.isBound()) {
                    return false;
                }
            } catch (IOException taken) {
                return false;
            }
        }
        return true;
    }
}
