/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that say when they last heard of the server: the driver tells of a message when all of it is there, and a large one may take
 * minutes. It makes the factory by the name of the class, and hands it a word; {@link #listenFor} gives the word.
 */
public final class HeardSockets extends SocketFactory {

    private static final Map<String, AtomicLong> AWAITED = new ConcurrentHashMap<>();
    private static final AtomicLong WORDS = new AtomicLong();

    private final AtomicLong heardAtNanos;

    /**
     * Called by the driver, also for a login that nobody waits for any more.
     *
     * @param word of {@link #listenFor}
     */
    public HeardSockets(String word) {
        heardAtNanos = Objects.requireNonNullElseGet(AWAITED.get(word), AtomicLong::new);
    }

    /**
     * From now on, until {@link #forget}, a factory can be made with the word that is given.
     *
     * @param heardAtNanos has the time, by {@link System#nanoTime}, when bytes last came
     */
    static String listenFor(AtomicLong heardAtNanos) {
        String word = Long.toString(WORDS.incrementAndGet());
        AWAITED.put(word, heardAtNanos);
        return word;
    }

    /** No more factories are made with the word; those there are go on. */
    static void forget(String word) {
        AWAITED.remove(word);
    }

    @Override
    public Socket createSocket() {
        return new Heard(heardAtNanos);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(null, new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(local, localPort), new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(null, new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(local, localPort), new InetSocketAddress(host, port));
    }

    /** @param from null for any address of this host */
    private Socket connected(@Nullable InetSocketAddress from, InetSocketAddress to) throws IOException {
        Socket socket = createSocket();
        try {
            socket.bind(from);
            socket.connect(to);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static final class Heard extends Socket {
        private final AtomicLong heardAtNanos;

        Heard(AtomicLong heardAtNanos) {
            this.heardAtNanos = heardAtNanos;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    int read = super.read();
                    heardAtNanos.setRelease(System.nanoTime());
                    return read;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int read = super.read(into, offset, length);
                    heardAtNanos.setRelease(System.nanoTime());
                    return read;
                }
            };
        }
    }
}
