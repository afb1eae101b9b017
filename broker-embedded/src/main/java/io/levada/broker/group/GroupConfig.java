/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.time.Duration;

/**
 * Limits of the group coordinator.
 *
 * @param offsetsPartitions {@code offsets.topic.num.partitions}, used when {@code __consumer_offsets} is made
 * @param offsetsSegmentBytes {@code offsets.topic.segment.bytes}
 * @param offsetsRetention how long the offsets of a group without members are kept
 * @param expiryInterval {@code offsets.retention.check.interval.ms}: how often offsets past that are looked for
 * @param offsetMetadataBytesMax {@code offset.metadata.max.bytes}
 * @param initialDelay how long a new group waits for more members before its first rebalance
 * @param sessionMin the shortest session a member may ask for
 * @param sessionMax the longest one
 * @param membersMax {@code group.max.size}
 */
public record GroupConfig(
        int offsetsPartitions,
        int offsetsSegmentBytes,
        Duration offsetsRetention,
        Duration expiryInterval,
        int offsetMetadataBytesMax,
        Duration initialDelay,
        Duration sessionMin,
        Duration sessionMax,
        int membersMax) {}
