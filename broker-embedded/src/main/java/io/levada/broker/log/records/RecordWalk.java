/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import java.nio.BufferUnderflowException;
import org.apache.kafka.common.InvalidRecordException;

/**
 * Goes through the records of a batch and makes no objects of them: every length must fit its frame, and the
 * offsets must count up from 0. What it tells of is the record that {@link #next} came to.
 */
final class RecordWalk {
    private final RecordBytes records;
    private final long baseTimestampMs;
    private int index = -1;
    private boolean hasKey;
    private long timestampMs;

    /**
     * A walk.
     *
     * @param records the bytes after the batch's header, up to its end
     * @param baseTimestampMs of the batch
     */
    RecordWalk(RecordBytes records, long baseTimestampMs) {
        this.records = records;
        this.baseTimestampMs = baseTimestampMs;
    }

    boolean hasKey() {
        return hasKey;
    }

    long timestampMs() {
        return timestampMs;
    }

    /**
     * Steps to the next record.
     *
     * @throws InvalidRecordException when there is none, or the bytes are no record
     */
    void next() {
        index++;
        try {
            read();
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new InvalidRecordException("record " + index + " ends after its batch or is no record", e);
        }
    }

    private void read() {
        int size = records.readVarint();
        long end = records.position() + size;
        if (size < 0 || !records.mayHold(size)) {
            throw invalid("a size of " + size + " bytes");
        }
        records.skip(1); // Attributes, none of which is used.
        timestampMs = baseTimestampMs + records.readVarlong();
        int offsetDelta = records.readVarint();
        if (offsetDelta != index) {
            throw invalid("the offset " + offsetDelta);
        }
        hasKey = skip("key", -1, end);
        skip("value", -1, end);
        int headers = records.readVarint();
        if (headers < 0) {
            throw invalid(headers + " headers");
        }
        for (int i = 0; i < headers; i++) {
            skip("header key", 0, end);
            skip("header value", -1, end);
        }
        if (records.position() != end) {
            throw invalid("a size of " + size + " bytes, and " + (end - records.position()) + " after its last field");
        }
    }

    /** Passes over a field with its length before it; whether it is there. */
    private boolean skip(String field, int smallest, long end) {
        int length = records.readVarint();
        if (length < smallest || length > end - records.position()) {
            throw invalid("a " + field + " of " + length + " bytes");
        }
        records.skip(Math.max(0, length));
        return length >= 0;
    }

    private InvalidRecordException invalid(String what) {
        return new InvalidRecordException("record " + index + " has " + what);
    }

    /** Nothing may follow the last record. */
    void end() {
        if (!records.ends()) {
            throw new InvalidRecordException("bytes follow the last record of a batch");
        }
    }
}
