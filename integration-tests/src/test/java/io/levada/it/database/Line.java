/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A network between a client and a local port, which can be cut: connections break, and new ones do not come about. */
public final class Line implements AutoCloseable {

    private final ServerSocket accepting;
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    private Line(int port, int to) throws IOException {
        this.accepting = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        this.to = to;
        inBackground(this::accept);
    }

    public static Line from(int port, int to) throws IOException {
        return new Line(port, to);
    }

    public int port() {
        return accepting.getLocalPort();
    }

    public void cut() {
        cut = true;
        open.forEach(this::end);
    }

    public void mend() {
        cut = false;
    }

    private void accept() {
        while (!accepting.isClosed()) {
            try {
                Socket near = accepting.accept();
                open.add(near);
                if (cut) {
                    end(near);
                } else {
                    join(near);
                }
            } catch (IOException closed) {
                // The line's end, or a server that is down: the client sees its connection end.
            }
        }
    }

    private void join(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
            open.add(far);
            inBackground(() -> pass(near, far));
            inBackground(() -> pass(far, near));
            if (cut) {
                cut();
            }
        } catch (IOException e) {
            end(near);
            throw e;
        }
    }

    private void pass(Socket from, Socket into) {
        try {
            InputStream bytes = from.getInputStream();
            OutputStream out = into.getOutputStream();
            byte[] buffer = new byte[65_536];
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException broken) {
            // Either end is gone: so is the other, below.
        } finally {
            end(from);
            end(into);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is of no use any more in any case.
        }
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "line");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        accepting.close();
        cut();
    }
}
