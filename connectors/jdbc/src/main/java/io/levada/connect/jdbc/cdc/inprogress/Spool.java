/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.inprogress;

import io.levada.connect.jdbc.cdc.pgoutput.Message;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One transaction in progress: its messages in the order in which they came, the first of them in a file if they are many, the last
 * in memory. Each is kept as
 *
 * <pre>
 * bytes  what
 * 8      lsn, its place in the log
 * 8      arrival, see {@link Kept}
 * 4      number of its subtransaction
 * 4      n, bytes of the message
 * n      the message, of protocol version 1
 * 4      CRC-32C of all this
 * </pre>
 */
final class Spool implements Closeable {

    private static final int HEADER = 2 * Long.BYTES + 2 * Integer.BYTES;
    private static final int BUFFER = 8 * 1024;
    private static final int WINDOW = 256 * 1024;
    private static final int ARRAY_MAX = Integer.MAX_VALUE - 8;

    private final Path folder;
    private final long xid;
    private final Set<Integer> aborted = new HashSet<>();

    /** Relations whose changes are not wanted, as the transaction tells of them; true once one of their changes was kept. */
    private final Map<Integer, Boolean> unwanted = new HashMap<>();

    private Message.@Nullable Origin origin;
    private @Nullable FileChannel file;
    private long written;
    private ByteBuffer memory = ByteBuffer.allocate(0);

    Spool(Path folder, long xid) {
        this.folder = folder;
        this.xid = xid;
    }

    /**
     * A message.
     *
     * @param subXid the subtransaction
     * @param arrival a number that grows from block to block
     */
    record Kept(int subXid, long lsn, long arrival, ByteBuffer message) {}

    /** A new file without a name: one that nobody can find, and that is gone with the process however it ends. */
    static FileChannel file(Path folder) throws IOException {
        // The JDK removes the name as soon as the file is open where the system allows that (all but Windows, which
        // does it at the end).
        return FileChannel.open(
                folder.resolve("levada-transaction-" + UUID.randomUUID()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    long xid() {
        return xid;
    }

    Message.@Nullable Origin origin() {
        return origin;
    }

    void from(Message.Origin replicatedFrom) {
        origin = replicatedFrom;
    }

    /** Takes what the transaction tells of a relation: it holds for what comes behind, whether it is rolled back or not. */
    void told(Message.Relation relation, Predicate<Message.Relation> captured) {
        if (captured.test(relation)) {
            unwanted.remove(relation.oid());
        } else {
            unwanted.put(relation.oid(), false);
        }
    }

    /**
     * Whether the message is a change of a relation whose changes are not wanted: all but the first, by whose place it is known
     * where the transaction begins.
     */
    boolean passesOver(ByteBuffer message) {
        if (unwanted.isEmpty()
                || "IUD".indexOf(message.get(message.position())) < 0
                || message.remaining() <= Integer.BYTES) {
            return false;
        }
        return Boolean.TRUE.equals(unwanted.replace(message.getInt(message.position() + 1), true));
    }

    void abort(long subXid) {
        aborted.add((int) subXid);
    }

    /** Bytes that are not in the file. */
    int inMemory() {
        return memory.position();
    }

    /** Keeps a message in memory and gives how many bytes that takes. */
    int add(Kept kept) {
        int size = kept.message().remaining();
        int more = Math.addExact(HEADER + Integer.BYTES, size);
        if (memory.remaining() < more) {
            long wanted = Math.max(memory.position() + (long) more, Math.max(BUFFER, 2L * memory.capacity()));
            ByteBuffer larger = ByteBuffer.allocate((int) Math.min(wanted, ARRAY_MAX));
            memory = larger.put(memory.flip());
        }
        int start = memory.position();
        memory.putLong(kept.lsn())
                .putLong(kept.arrival())
                .putInt(kept.subXid())
                .putInt(size)
                .put(kept.message());
        memory.putInt(sum(memory, start, HEADER + size));
        return more;
    }

    private static int sum(ByteBuffer bytes, int start, int size) {
        CRC32C sum = new CRC32C();
        sum.update(bytes.array(), bytes.arrayOffset() + start, size);
        return (int) sum.getValue();
    }

    /** Moves what is in memory to the file and gives how many bytes that were. */
    int write() throws IOException {
        int moved = memory.position();
        if (file == null) {
            file = file(folder);
        }
        memory.flip();
        while (memory.hasRemaining()) {
            written += file.write(memory, written);
        }
        memory = ByteBuffer.allocate(0);
        return moved;
    }

    /** Reads all that was kept; nothing may be added any more. */
    Reading reading() {
        return new Reading();
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** From the first message to the last. */
    final class Reading {

        private long read;
        private ByteBuffer window = ByteBuffer.allocate(0);
        private boolean inMemory;

        /**
         * The next message that was not rolled back, in bytes that stay as they are; null behind the last.
         *
         * @throws IOException if the file does not have what was written to it
         */
        @Nullable
        Kept next() throws IOException {
            while (true) {
                if (!window.hasRemaining() && !more()) {
                    return null;
                }
                require(HEADER);
                int size = window.getInt(window.position() + HEADER - Integer.BYTES);
                if (size < 0 || size > Math.min(written + memory.position(), ARRAY_MAX - HEADER - Integer.BYTES)) {
                    throw damaged();
                }
                require(HEADER + size + Integer.BYTES);
                int sum = sum(window, window.position(), HEADER + size);
                long lsn = window.getLong();
                long arrival = window.getLong();
                int subXid = window.getInt();
                ByteBuffer message = window.slice(window.position() + Integer.BYTES, size);
                window.position(window.position() + Integer.BYTES + size);
                if (window.getInt() != sum) {
                    throw damaged();
                }
                if (!aborted.contains(subXid)) {
                    return new Kept(subXid, lsn, arrival, message);
                }
            }
        }

        /** Whether there is anything behind the window, which is then no longer empty. */
        private boolean more() throws IOException {
            if (read < written) {
                require(1);
                return true;
            }
            if (inMemory) {
                return false;
            }
            inMemory = true;
            window = memory.duplicate().flip();
            return window.hasRemaining();
        }

        /** Reads on until so many bytes are in the window. */
        private void require(int bytes) throws IOException {
            if (window.remaining() >= bytes) {
                return;
            }
            FileChannel from = file;
            if (from == null || bytes - window.remaining() > written - read) {
                throw damaged();
            }
            // Another array each time, since what was read lies in the one before.
            ByteBuffer next =
                    ByteBuffer.allocate((int) Math.min(Math.max(bytes, WINDOW), window.remaining() + written - read));
            next.put(window);
            while (next.hasRemaining()) {
                int count = from.read(next, read);
                if (count < 0) {
                    throw new EOFException("the file has " + read + " bytes, and " + written + " were written");
                }
                read += count;
            }
            window = next.flip();
        }

        private static IOException damaged() {
            return new IOException("the file does not have the bytes that were written");
        }
    }
}
