/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

/**
 * What became of one append.
 *
 * @param baseOffset the offset of the first record
 * @param lastOffset the offset of the last record, inclusive
 * @param logAppendTimeMs the broker's time written into the batches, or -1 where the topic keeps the producer's
 * @param logStartOffset the first offset of the partition at that moment
 * @param duplicate whether an idempotent producer had sent this before; the offsets are then those of the first append
 */
public record Appended(long baseOffset, long lastOffset, long logAppendTimeMs, long logStartOffset, boolean duplicate) {

    /** The offset to wait for with {@link PartitionLog#durable}. */
    public long nextOffset() {
        return lastOffset + 1;
    }
}
