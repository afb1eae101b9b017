/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** The records of a batch as bytes that are gone through once: as they lie in memory, or as they come out of a decoder ({@link InflatedBytes}). */
interface RecordBytes {
    int readVarint();

    long readVarlong();

    /** Passes over bytes; it fails where there are fewer. */
    void skip(int count);

    /** How many were read or passed over. */
    long position();

    /** False if a record of this size cannot follow; a stream learns of its end only there, and says true until then. */
    boolean mayHold(int size);

    /** Whether nothing follows; asked last, as a stream learns it by reading on. */
    boolean ends();

    /** Those of a batch that is not compressed. */
    static RecordBytes lying(ByteBuffer bytes) {
        return new Lying(bytes);
    }

    /** Those from a buffer's position to its limit. */
    record Lying(ByteBuffer bytes) implements RecordBytes {
        @Override
        public int readVarint() {
            return ByteUtils.readVarint(bytes);
        }

        @Override
        public long readVarlong() {
            return ByteUtils.readVarlong(bytes);
        }

        @Override
        public void skip(int count) {
            bytes.position(bytes.position() + count);
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public boolean mayHold(int size) {
            return size <= bytes.remaining();
        }

        @Override
        public boolean ends() {
            return !bytes.hasRemaining();
        }
    }
}
