/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import org.apache.kafka.common.Uuid;

/**
 * A topic as its maker was told of it.
 *
 * @param compacted whether only the last record of each key is sure to stay
 */
record KnownTopic(String name, Uuid id, int partitions, boolean compacted) {}
