/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.inprogress;

import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.MessageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages of a stream in which transactions may come in blocks while they are in progress, and gives those of a stream
 * in which each comes at its commit, as a whole and without what was rolled back: the same messages, at the same places of the log.
 * Only the place of an origin in its own log is not told in such blocks, and is 0.
 */
public final class InProgress implements AutoCloseable {

    /** SQLState of what cannot be written, and */
    private static final String DISK_FULL = "53100";

    /** SQLState of what cannot be read back: both may pass, and the server sends all again. */
    private static final String IO_ERROR = "58030";

    /** What belongs to a transaction has the number of its subtransaction behind the type, but for an origin. */
    private static final String IN_BLOCKS = "RIUDTM";

    private final Path folder;
    private final int memoryMax;
    private final Predicate<Message.Relation> captured;
    private final Out out;
    private final Map<Long, Spool> open = new HashMap<>();
    private @Nullable Spool receiving;
    private long inMemory;

    /**
     * The relation that holds for an oid, outside transactions in progress: that which came last of those that were not rolled
     * back. The server knows what it has sent, not when we look at it: one that came before another may be looked at after it.
     */
    private final Map<Integer, Known> relations = new HashMap<>();

    /** Counts blocks and relations as they come. */
    private long arrivals;

    /** Who takes the messages; they use bytes of their own, which do not change any more. */
    public interface Out {
        /**
         * The next message.
         *
         * @param lsn its place in the log
         * @param bytes how large it was
         */
        void take(Message message, long lsn, int bytes) throws SQLException, InterruptedException;
    }

    private record Known(Message.Relation relation, long arrival) {}

    /**
     * @param folder where transactions are kept that are too large for memory; their files have no names, so that nothing is left of a
     *     process that is killed
     * @param memoryMax bytes of all transactions together that are kept in memory, where one message always fits
     * @param captured whether changes of a relation are wanted; others are not kept
     * @throws ConnectException if no file can be made in the folder
     */
    public InProgress(Path folder, int memoryMax, Predicate<Message.Relation> captured, Out out) {
        this.folder = folder;
        this.memoryMax = memoryMax;
        this.captured = captured;
        this.out = out;
        try {
            Spool.file(folder).close();
        } catch (IOException e) {
            throw new ConnectException(
                    "cannot write to " + folder + ", where transactions in progress are kept: " + e
                            + "; make it a folder that the worker may write to, or choose another by"
                            + " transactions.in.progress.directory",
                    e);
        }
    }

    /**
     * Takes the next message as it came.
     *
     * @param bytes backed by an array that is ours from now on
     * @param lsn its place in the log
     * @throws SQLException of {@code out}, or if the folder's disk does not keep what it should: trying again from the start may help
     * @throws ConnectException if the message does not belong here, or cannot be read
     */
    public void take(ByteBuffer bytes, long lsn) throws SQLException, InterruptedException {
        char type = bytes.hasRemaining() ? (char) bytes.get(bytes.position()) : '?';
        Spool block = receiving;
        if (block != null && type != 'E') {
            keep(block, type, bytes, lsn);
            return;
        }
        int size = bytes.remaining();
        Message message = MessageReader.read(bytes);
        switch (type) {
            case 'S' -> start((Message.StreamStart) message);
            case 'E' -> stop();
            case 'A' -> abort((Message.StreamAbort) message);
            case 'c' -> commit((Message.StreamCommit) message, lsn, size);
            case 'R' -> {
                Message.Relation relation = (Message.Relation) message;
                relations.put(relation.oid(), new Known(relation, ++arrivals));
                out.take(message, lsn, size);
            }
            default -> out.take(message, lsn, size);
        }
    }

    private void start(Message.StreamStart start) {
        Spool spool = open.get(start.xid());
        if (start.first() == (spool != null)) {
            throw new ConnectException("the server sent a block of transaction " + start.xid() + " as "
                    + (start.first() ? "the first, which is not" : "a further one, without a first"));
        }
        if (spool == null) {
            spool = new Spool(folder, start.xid());
            open.put(start.xid(), spool);
        }
        arrivals++;
        receiving = spool;
    }

    private void stop() {
        if (receiving == null) {
            throw new ConnectException("the server ended a block of a transaction, and had begun none");
        }
        receiving = null;
    }

    private void keep(Spool block, char type, ByteBuffer bytes, long lsn) throws SQLException {
        if (type == 'O') {
            block.from((Message.Origin) MessageReader.read(bytes));
            return;
        }
        if (type == 'Y') {
            return; // names of types are not needed
        }
        if (IN_BLOCKS.indexOf(type) < 0 || bytes.remaining() <= Integer.BYTES) {
            throw new ConnectException("the server sent a message of type '" + type + "' and " + bytes.remaining()
                    + " bytes within a block of transaction " + block.xid());
        }
        int subXid = bytes.getInt(bytes.position() + 1);
        // Without the number of the subtransaction it is a message of protocol 1.
        bytes.position(bytes.position() + Integer.BYTES);
        bytes.put(bytes.position(), (byte) type);
        if (type == 'R') {
            block.told((Message.Relation) MessageReader.read(bytes.duplicate()), captured);
        }
        if (block.passesOver(bytes)) {
            return;
        }
        try {
            inMemory += block.add(new Spool.Kept(subXid, lsn, arrivals, bytes));
            if (inMemory > memoryMax) {
                inMemory -= largest().write();
            }
        } catch (IOException e) {
            throw new SQLException(
                    "cannot keep transaction " + block.xid() + ", which is in progress, in " + folder + ": " + e
                            + "; make room there, choose another folder by transactions.in.progress.directory, or unset that"
                            + " option: then the server keeps such transactions itself",
                    DISK_FULL,
                    e);
        }
    }

    private Spool largest() {
        return open.values().stream()
                .max(Comparator.comparingInt(Spool::inMemory))
                .orElseThrow(() -> new IllegalStateException("memory is used by no transaction"));
    }

    private void abort(Message.StreamAbort abort) throws SQLException {
        Spool spool = open.get(abort.xid());
        if (spool == null) {
            return; // nothing of it came
        }
        if (abort.subXid() == abort.xid()) {
            open.remove(abort.xid());
            inMemory -= spool.inMemory();
            close(List.of(spool));
        } else {
            spool.abort(abort.subXid());
        }
    }

    private void commit(Message.StreamCommit commit, long lsn, int size) throws SQLException, InterruptedException {
        Spool spool = open.remove(commit.xid());
        if (spool == null) {
            throw new ConnectException(
                    "the server committed transaction " + commit.xid() + ", of which it had sent no block");
        }
        inMemory -= spool.inMemory();
        try (spool) {
            if (tell(spool, commit)) {
                out.take(new Message.Commit(commit.commitLsn(), commit.endLsn(), commit.commitTimeMicros()), lsn, size);
            }
        } catch (IOException e) {
            throw notClosed(e);
        }
    }

    /** Tells what was not rolled back; false if nothing was. */
    private boolean tell(Spool spool, Message.StreamCommit commit) throws SQLException, InterruptedException {
        Map<Integer, Message.Relation> told = new HashMap<>();
        List<Message> ahead = new ArrayList<>();
        ahead.add(new Message.Begin(commit.commitLsn(), commit.commitTimeMicros(), commit.xid()));
        Message.Origin origin = spool.origin();
        if (origin != null) {
            ahead.add(origin);
        }
        boolean begun = false;
        Spool.Reading reading = spool.reading();
        for (Spool.Kept kept = next(spool, reading); kept != null; kept = next(spool, reading)) {
            begun = true;
            int size = kept.message().remaining();
            Message message = MessageReader.read(kept.message());
            if (message instanceof Message.Relation relation) {
                relations.merge(relation.oid(), new Known(relation, kept.arrival()), InProgress::later);
                told.put(relation.oid(), relation);
                // The server sends it at no place of its own, but at that of the change behind it.
                ahead.add(relation);
                continue;
            }
            tell(ahead, kept.lsn());
            out.take(message, kept.lsn(), size);
        }
        if (begun) {
            for (Message.Relation each : told.values()) {
                Known known = relations.get(each.oid());
                if (known != null && !known.relation().equals(each)) {
                    ahead.add(known.relation());
                }
            }
            tell(ahead, commit.endLsn());
        }
        return begun;
    }

    private void tell(List<Message> ahead, long lsn) throws SQLException, InterruptedException {
        for (Message each : ahead) {
            out.take(each, lsn, 0);
        }
        ahead.clear();
    }

    private static Known later(Known one, Known other) {
        return one.arrival() > other.arrival() ? one : other;
    }

    private Spool.@Nullable Kept next(Spool spool, Spool.Reading reading) throws SQLException {
        try {
            return reading.next();
        } catch (IOException e) {
            throw new SQLException(
                    "cannot read transaction " + spool.xid() + ", which was kept in " + folder
                            + " while it was in progress: " + e + "; choose a folder on a sound disk by"
                            + " transactions.in.progress.directory, or unset that option: then the server keeps such transactions"
                            + " itself",
                    IO_ERROR,
                    e);
        }
    }

    /** Forgets what is in progress; the server will send it again. */
    @Override
    public void close() throws SQLException {
        close(open.values());
        open.clear();
    }

    private void close(Collection<Spool> spools) throws SQLException {
        IOException failure = null;
        for (Spool spool : spools) {
            try {
                spool.close();
            } catch (IOException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw notClosed(failure);
        }
    }

    private SQLException notClosed(IOException e) {
        return new SQLException(
                "cannot remove a transaction that was kept in " + folder + " while it was in progress: " + e,
                IO_ERROR,
                e);
    }
}
