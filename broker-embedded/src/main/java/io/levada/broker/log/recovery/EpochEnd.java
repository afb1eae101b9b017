/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

/**
 * Where a leader epoch ends (KIP-101).
 *
 * @param epoch the epoch, or -1 when the one asked for is unknown
 * @param endOffset the first offset that is not of it, or -1
 */
public record EpochEnd(int epoch, long endOffset) {
    static final EpochEnd UNKNOWN = new EpochEnd(-1, -1);
}
