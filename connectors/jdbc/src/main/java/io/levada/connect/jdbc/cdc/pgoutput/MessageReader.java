/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.pgoutput;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Reads messages of protocol version 1, and those of later ones that frame transactions in progress (PostgreSQL manual, "Logical
 * Replication Message Formats"). All counts and lengths are checked against what is left of the message.
 */
public final class MessageReader {

    /** Microseconds from 1970-01-01 to 2000-01-01, where the server counts from. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private MessageReader() {}

    /**
     * Reads one whole message.
     *
     * @param buffer backed by an array, which the result goes on using
     * @throws ConnectException if it is not a message of this protocol
     */
    public static Message read(ByteBuffer buffer) {
        int size = buffer.remaining();
        char type = size == 0 ? '?' : (char) (buffer.get() & 0xff);
        try {
            return read(type, buffer);
        } catch (BufferUnderflowException | NegativeArraySizeException | IllegalStateException e) {
            throw new ConnectException(
                    "the server sent a message of type '" + type + "' and " + size + " bytes that cannot be read", e);
        }
    }

    private static Message read(char type, ByteBuffer buffer) {
        return switch (type) {
            case 'I' -> insert(buffer);
            case 'U' -> update(buffer);
            case 'D' -> delete(buffer);
            case 'B' -> new Message.Begin(buffer.getLong(), time(buffer), xid(buffer));
            case 'C' -> commit(buffer);
            case 'R' -> relation(buffer);
            case 'T' -> truncate(buffer);
            case 'M' -> logical(buffer);
            case 'O' -> new Message.Origin(buffer.getLong(), string(buffer));
            case 'Y' -> new Message.Ignored(type);
            case 'S' -> new Message.StreamStart(xid(buffer), buffer.get() != 0);
            case 'E' -> new Message.StreamStop();
            case 'c' -> streamCommit(buffer);
            case 'A' -> new Message.StreamAbort(xid(buffer), xid(buffer));
            default ->
                throw new ConnectException("the server sent a message of the unknown type '" + type
                        + "'; the publication's plugin must be pgoutput");
        };
    }

    private static Message commit(ByteBuffer buffer) {
        buffer.get(); // flags, none of which is in use
        return new Message.Commit(buffer.getLong(), buffer.getLong(), time(buffer));
    }

    private static Message streamCommit(ByteBuffer buffer) {
        long xid = xid(buffer);
        buffer.get(); // flags, none of which is in use
        return new Message.StreamCommit(xid, buffer.getLong(), buffer.getLong(), time(buffer));
    }

    private static Message relation(ByteBuffer buffer) {
        int oid = buffer.getInt();
        String schema = string(buffer);
        String name = string(buffer);
        char identity = (char) buffer.get();
        int count = buffer.getShort();
        List<Message.Relation.Column> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean ofIdentity = (buffer.get() & 1) != 0;
            columns.add(new Message.Relation.Column(string(buffer), buffer.getInt(), buffer.getInt(), ofIdentity));
        }
        // Schema pg_catalog is sent as an empty string.
        return new Message.Relation(
                oid, schema.isEmpty() ? "pg_catalog" : schema, name, identity, List.copyOf(columns));
    }

    private static Message insert(ByteBuffer buffer) {
        int relation = buffer.getInt();
        expect(buffer.get(), 'N');
        return new Message.Insert(relation, tuple(buffer));
    }

    private static Message update(ByteBuffer buffer) {
        int relation = buffer.getInt();
        byte kind = buffer.get();
        if (kind == 'N') {
            return new Message.Update(relation, null, false, tuple(buffer));
        }
        boolean whole = isWhole(kind);
        Tuple before = tuple(buffer);
        expect(buffer.get(), 'N');
        return new Message.Update(relation, before, whole, tuple(buffer));
    }

    private static Message delete(ByteBuffer buffer) {
        int relation = buffer.getInt();
        boolean whole = isWhole(buffer.get());
        return new Message.Delete(relation, tuple(buffer), whole);
    }

    private static boolean isWhole(byte kind) {
        if (kind != 'K') {
            expect(kind, 'O');
        }
        return kind == 'O';
    }

    private static Message truncate(ByteBuffer buffer) {
        int count = buffer.getInt();
        buffer.get(); // CASCADE, RESTART IDENTITY: all tables that it reached are named
        List<Integer> relations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            relations.add(buffer.getInt());
        }
        return new Message.Truncate(List.copyOf(relations));
    }

    private static Message logical(ByteBuffer buffer) {
        boolean transactional = (buffer.get() & 1) != 0;
        long lsn = buffer.getLong();
        String prefix = string(buffer);
        int length = buffer.getInt();
        if (length > buffer.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] content = new byte[length];
        buffer.get(content);
        return new Message.Logical(transactional, lsn, prefix, ByteBuffer.wrap(content));
    }

    private static Tuple tuple(ByteBuffer buffer) {
        int count = buffer.getShort();
        int[] offsets = new int[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            byte kind = buffer.get();
            switch (kind) {
                case 't' -> {
                    int length = buffer.getInt();
                    if (length < 0 || length > buffer.remaining()) {
                        throw new BufferUnderflowException();
                    }
                    offsets[i] = buffer.arrayOffset() + buffer.position();
                    lengths[i] = length;
                    buffer.position(buffer.position() + length);
                }
                case 'n' -> lengths[i] = Tuple.NULL;
                case 'u' -> lengths[i] = Tuple.UNCHANGED;
                default -> throw new IllegalStateException("a column of kind '" + (char) kind + "'");
            }
        }
        return new Tuple(buffer.array(), offsets, lengths);
    }

    private static long xid(ByteBuffer buffer) {
        return Integer.toUnsignedLong(buffer.getInt());
    }

    private static long time(ByteBuffer buffer) {
        return buffer.getLong() + EPOCH_MICROS;
    }

    private static String string(ByteBuffer buffer) {
        int start = buffer.position();
        while (buffer.get() != 0) {
            // on to the end
        }
        return new String(
                buffer.array(), buffer.arrayOffset() + start, buffer.position() - start - 1, StandardCharsets.UTF_8);
    }

    private static void expect(byte found, char wanted) {
        if (found != wanted) {
            throw new IllegalStateException("'" + (char) found + "' where '" + wanted + "' belongs");
        }
    }
}
