/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A network before a local port that can go silent: bytes vanish in both directions, and no end is told. */
final class Silence implements AutoCloseable {

    /** More bytes than most answers have. */
    private static final int SMALL = 16_384;

    private final ServerSocket accepting;
    private final int to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** Connections that nothing passes through any more. */
    private final Set<Socket> silent = ConcurrentHashMap.newKeySet();

    /** Bytes that the server has sent to each client. */
    private final Map<Socket, AtomicLong> sent = new ConcurrentHashMap<>();

    /** Clients that nothing more is taken for. */
    private final Set<Socket> stalled = ConcurrentHashMap.newKeySet();

    private final AtomicLong asked = new AtomicLong();

    private final CountDownLatch over = new CountDownLatch(1);

    /** How many more bytes from the server pass before silence falls. */
    private volatile long left = Long.MAX_VALUE;

    /** How long what the server sends is on its way. */
    private volatile int delayMillis;

    /** How long each large piece of it is besides. */
    private volatile int slowMillis;

    private Silence(int to) throws IOException {
        this.accepting = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.to = to;
        inBackground(this::accept);
    }

    static Silence before(int port) throws IOException {
        return new Silence(port);
    }

    int port() {
        return accepting.getLocalPort();
    }

    /** From now on nothing passes through the connections there are; the server sees theirs end, and new ones are well. */
    void swallow() throws IOException {
        silent.addAll(open);
        for (Socket each : silent) {
            if (each.getPort() == to) {
                each.close();
            }
        }
    }

    /** {@link #swallow}, once so many more bytes have come from the server. */
    void swallowAfter(int bytes) {
        left = bytes;
    }

    /** From now on nothing of what the server sends through the connection that the most came through arrives; others are well. */
    void swallowBusiest() {
        stalled.add(sent.entrySet().stream()
                .max(Comparator.comparingLong(each -> each.getValue().get()))
                .orElseThrow()
                .getKey());
    }

    /** From now on everything that the server sends is on its way for so long. */
    void delay(int millis) {
        delayMillis = millis;
    }

    /** From now on what the server sends comes slowly: so long for each 64 KB or less, but for what is small. */
    void slow(int millis) {
        slowMillis = millis;
    }

    /** How often clients have sent something. */
    long asked() {
        return asked.get();
    }

    private synchronized void passed(int bytes) throws IOException {
        if (left != Long.MAX_VALUE) {
            left -= bytes;
            if (left < 0) {
                left = Long.MAX_VALUE;
                swallow();
            }
        }
    }

    private void accept() {
        while (!accepting.isClosed()) {
            try {
                Socket near = accepting.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
                open.add(near);
                open.add(far);
                inBackground(() -> pass(near, far));
                inBackground(() -> pass(far, near));
            } catch (IOException closed) {
                // The test is over.
            }
        }
    }

    private void pass(Socket from, Socket into) {
        try {
            InputStream bytes = from.getInputStream();
            byte[] buffer = new byte[65_536];
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                if (stalled.contains(into)) {
                    over.await();
                }
                if (from.getPort() == to) {
                    TimeUnit.MILLISECONDS.sleep(read < SMALL ? delayMillis : delayMillis + slowMillis);
                } else {
                    asked.incrementAndGet();
                }
                if (!silent.contains(into)) {
                    OutputStream out = into.getOutputStream();
                    out.write(buffer, 0, read);
                    if (from.getPort() == to) {
                        sent.computeIfAbsent(into, unused -> new AtomicLong()).addAndGet(read);
                        passed(read);
                    }
                }
            }
        } catch (IOException broken) {
            // Told to the other end, unless it is to hear nothing.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!silent.contains(into)) {
            end(from);
            end(into);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is of no use any more in any case.
        }
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "silence");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        accepting.close();
        over.countDown();
        open.forEach(Silence::end);
    }
}
