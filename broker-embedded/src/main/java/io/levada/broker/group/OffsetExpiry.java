/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;

/**
 * Forgets offsets that are older than {@code offsets.retention.minutes} (KIP-211), and groups that are left with nothing: of a group without members
 * that time counts from when the last one left, of a client that assigned its own partitions from the commit, of a group of consumers from the commit
 * for topics that none subscribes to any more. What an open transaction has an offset for stays. Owned by the coordinator thread.
 */
final class OffsetExpiry {
    /** How many offsets of a group go in one batch; what is left goes with the next look. */
    private static final int REMOVED_MAX = 10_000;

    private static final long UNKNOWN = -1;

    private final Groups groups;
    private final Offsets offsets;
    private final long retentionMs;
    private final InstantSource clock;

    OffsetExpiry(Groups groups, Offsets offsets, GroupConfig config, InstantSource clock) {
        this.groups = groups;
        this.offsets = offsets;
        this.retentionMs = config.offsetsRetention().toMillis();
        this.clock = clock;
    }

    /** What is to go now, by group. */
    Map<String, Decision<Boolean>> expire() {
        Map<String, Decision<Boolean>> removals = new HashMap<>();
        for (Group group : groups.all()) {
            List<TopicPartition> old = expired(group);
            boolean nothingLeft =
                    old.size() == offsets.committed().of(group.id()).size()
                            && offsets.committed().pending(group.id()).isEmpty();
            boolean ends = group.is(GroupState.EMPTY) && group.size() == 0 && nothingLeft;
            if (ends && group.stored() == null && old.isEmpty()) {
                // The log knows nothing of it.
                groups.forget(group);
            } else if (ends && old.size() <= REMOVED_MAX) {
                removals.put(group.id(), Decision.of(offsets.removals(group.id()), true));
            } else if (!old.isEmpty()) {
                removals.put(group.id(), Decision.of(offsets.removals(group.id(), first(old)), true));
            }
        }
        return removals;
    }

    private static List<TopicPartition> first(List<TopicPartition> old) {
        return old.subList(0, Math.min(old.size(), REMOVED_MAX));
    }

    private List<TopicPartition> expired(Group group) {
        Predicate<TopicPartition> inUse = inUse(group);
        Set<TopicPartition> pending = offsets.committed().pending(group.id());
        long emptySinceMs = emptySince(group);
        long nowMs = clock.millis();
        return offsets.committed().of(group.id()).entrySet().stream()
                .filter(entry -> !pending.contains(entry.getKey()) && !inUse.test(entry.getKey()))
                .filter(entry -> {
                    CommittedOffset offset = entry.getValue();
                    long sinceMs = emptySinceMs == UNKNOWN ? offset.commitTimeMs() : emptySinceMs;
                    return offset.isExpired(nowMs, sinceMs, retentionMs);
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Since when a group has no members; unknown if it has some, never had any, or the log does not tell. */
    private static long emptySince(Group group) {
        StoredGroup stored = group.stored();
        return stored == null || !group.is(GroupState.EMPTY) || stored.stateSinceMs() < 0
                ? UNKNOWN
                : stored.stateSinceMs();
    }

    /** What the members of a group may still come back to. */
    private static Predicate<TopicPartition> inUse(Group group) {
        if (group.is(GroupState.EMPTY) && group.size() == 0) {
            return partition -> false;
        }
        return Optional.of(group)
                .filter(one -> one.is(GroupState.STABLE) && one.protocolType().equals(ConsumerProtocol.PROTOCOL_TYPE))
                .flatMap(Group::subscribedTopics)
                .<Predicate<TopicPartition>>map(topics -> partition -> topics.contains(partition.topic()))
                .orElse(partition -> true);
    }
}
