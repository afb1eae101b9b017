/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import org.apache.kafka.common.Uuid;

/**
 * A topic as its maker was told of it.
 *
 * @param compacted whether only the last record of each key is sure to stay
 * @param retentionMs how long records are sure to stay, or {@link #FOR_EVER}
 */
record KnownTopic(String name, Uuid id, int partitions, boolean compacted, long retentionMs) {
    static final long FOR_EVER = Long.MAX_VALUE;
}
