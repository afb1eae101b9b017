/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A wire between clients and one port of this machine, which can be cut: all connections break, new ones are let through. */
final class Wire implements AutoCloseable {
    private final ServerSocket entry;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Wire(int entryPort, int target) throws IOException {
        this.entry = new ServerSocket(entryPort, 50, InetAddress.getLoopbackAddress());
        this.target = target;
        start(this::accept);
    }

    void cut() throws IOException {
        for (Socket socket : List.copyOf(open)) {
            open.remove(socket);
            try {
                socket.setSoLinger(true, 0);
            } catch (SocketException ignored) {
                // One end has gone already, and took the other with it.
            }
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        entry.close();
        cut();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = entry.accept();
                Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(broker);
                start(() -> copy(client, broker));
                start(() -> copy(broker, client));
            }
        } catch (IOException ignored) {
            // Closed: the test is over.
        }
    }

    private static void copy(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException ignored) {
            // Cut: that is what this is for.
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "wire");
        thread.setDaemon(true);
        thread.start();
    }
}
