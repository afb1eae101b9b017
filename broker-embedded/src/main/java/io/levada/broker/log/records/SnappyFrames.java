/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.records;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.utils.internals.ByteUtils;

/**
 * The sizes that snappy data announces. The decoder allocates what a frame says it decompresses to, up to 512 MiB, before it has seen whether that
 * is true: a batch of a hundred bytes could end the process. Snappy cannot make data smaller than about a twentieth.
 *
 * <p>Data is one raw block, or in the framing of snappy-java a header of 16 bytes and blocks with their length before them.
 */
final class SnappyFrames {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int HEADER_BYTES = 16;
    private static final int EXPANSION_MAX = 32;
    private static final int SMALL = 1024;

    private SnappyFrames() {}

    /**
     * Passes when no block claims to be much larger than it can be.
     *
     * @throws InvalidRecordException when one does, or reaches past the end
     */
    static void requireModest(ByteBuffer data) {
        try {
            if (!startsFramed(data)) {
                requireModest(data, data.remaining());
                return;
            }
            while (data.hasRemaining()) {
                if (startsFramed(data)) {
                    data.position(data.position() + HEADER_BYTES);
                } else {
                    frame(data);
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new InvalidRecordException("its snappy frames do not fit the batch", e);
        }
    }

    private static boolean startsFramed(ByteBuffer data) {
        return data.remaining() >= HEADER_BYTES && data.getLong(data.position()) == MAGIC;
    }

    private static void frame(ByteBuffer data) {
        int bytes = data.getInt();
        if (bytes < 0 || bytes > data.remaining()) {
            throw new InvalidRecordException("a snappy frame of " + bytes + " bytes does not fit the batch");
        }
        int end = data.position() + bytes;
        if (bytes > 0) {
            requireModest(data, bytes);
        }
        data.position(end);
    }

    private static void requireModest(ByteBuffer block, int bytes) {
        long announced = Integer.toUnsignedLong(ByteUtils.readUnsignedVarint(block));
        if (announced > (long) EXPANSION_MAX * bytes + SMALL) {
            throw new InvalidRecordException(
                    "a snappy frame of " + bytes + " bytes claims to hold " + announced + " bytes");
        }
    }
}
