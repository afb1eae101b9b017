/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

/**
 * A transaction that ended with an abort: a reader of committed records passes over what the producer wrote from {@code firstOffset} to its marker.
 *
 * @param producerId whose transaction it was
 * @param firstOffset the offset of its first record
 * @param lastOffset the offset of the marker that ended it
 * @param lastStableOffset what the last stable offset became with it: the first offset of the oldest transaction still open, else the one after the
 *     marker
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {

    public boolean touches(long fromOffset, long toOffset) {
        return lastOffset >= fromOffset && firstOffset < toOffset;
    }
}
