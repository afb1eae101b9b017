/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import org.apache.kafka.common.Uuid;

/**
 * A topic as its maker was told of it.
 *
 * @param compacted whether only the last record of each key is sure to stay
 * @param retentionMs how long records stay, or {@link #FOR_EVER}
 * @param retentionBytes how many bytes stay, or {@link #FOR_EVER}
 */
record KnownTopic(String name, Uuid id, int partitions, boolean compacted, long retentionMs, long retentionBytes) {
    static final long FOR_EVER = Long.MAX_VALUE;
    /** Of topics whose records pass. */
    static final int SEGMENT_BYTES = 1024;

    /** Whether records go though nobody asks for that. */
    boolean isPassing() {
        return retentionMs != FOR_EVER || retentionBytes != FOR_EVER;
    }
}
