/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import java.nio.ByteBuffer;

/** What a record batch (format 2, not compressed) says of transactions. Kafka's classes are not at hand where this runs. */
final class BatchBytes {
    private static final int ATTRIBUTES = 22;
    private static final int CONTROL = 0x20;
    private static final int RECORDS = 61;
    /** In a value of {@code __transaction_state}: after version, producer id, epoch and time-out. */
    private static final int STATUS = 2 + 8 + 2 + 4;
    /** PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort. */
    private static final int FIRST_END = 2;

    private static final int LAST_END = 5;

    private BatchBytes() {}

    /** Whether it is a control batch. */
    static boolean isMarker(ByteBuffer batch) {
        return batch.remaining() > ATTRIBUTES && (batch.get(batch.position() + ATTRIBUTES) & CONTROL) != 0;
    }

    /** Whether its first record, one of {@code __transaction_state}, is a decision about a transaction or the end of one. */
    static boolean endsTransaction(ByteBuffer batch) {
        if (batch.remaining() <= RECORDS) {
            return false;
        }
        ByteBuffer record = batch.duplicate().position(batch.position() + RECORDS);
        varint(record);
        record.get(); // attributes
        varint(record); // time
        varint(record); // offset
        int key = varint(record);
        record.position(record.position() + Math.max(0, key));
        if (varint(record) <= STATUS) {
            return false;
        }
        int status = record.get(record.position() + STATUS);
        return status >= FIRST_END && status <= LAST_END;
    }

    /** A zigzag number; times may have more than 32 bits, of which the upper ones are lost. */
    private static int varint(ByteBuffer bytes) {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return (int) ((value >>> 1) ^ -(value & 1));
    }
}
