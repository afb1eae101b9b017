/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * A group of any type: who is in it and how far it has read.
 *
 * @param type Classic, Consumer (KIP-848), Share or Streams
 * @param protocol what a classic group speaks: consumer, connect, or whatever its members agreed on; empty for an unused group
 * @param state as the coordinator says it: Stable, Empty, PreparingRebalance, ...
 * @param coordinator {@code host:port}
 * @param progress one entry for each partition that somebody reads or has read
 */
record Group(
        String name,
        String type,
        String protocol,
        String state,
        String coordinator,
        List<Member> members,
        List<Progress> progress) {
    Group {
        members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
        progress = progress.stream()
                .sorted(Comparator.comparing((Progress row) -> row.partition().topic())
                        .thenComparing(row -> row.partition().partition()))
                .toList();
    }

    /** @param assigned the partitions it reads; empty where the protocol has no partitions */
    record Member(String id, String clientId, String host, List<TopicPartition> assigned) {
        Member(String id, String clientId, String host, Collection<TopicPartition> assigned) {
            this(id, clientId, host, List.copyOf(assigned));
        }
    }

    /**
     * How far a partition was read.
     *
     * @param offset the committed one; empty if nothing was committed yet
     * @param end the offset the partition gives next; empty if the topic is gone
     * @param member who reads it; empty if nobody does
     */
    record Progress(TopicPartition partition, OptionalLong offset, OptionalLong end, OptionalLong lag, String member) {
        static Progress of(TopicPartition partition, OptionalLong offset, OptionalLong end, String member) {
            OptionalLong lag = offset.isPresent() && end.isPresent()
                    ? OptionalLong.of(Math.max(0, end.getAsLong() - offset.getAsLong()))
                    : OptionalLong.empty();
            return new Progress(partition, offset, end, lag, member);
        }
    }

    /** Which member reads which partition. */
    static Map<TopicPartition, String> readers(List<Member> members) {
        Map<TopicPartition, String> readers = new HashMap<>();
        for (Member member : members) {
            member.assigned().forEach(partition -> readers.put(partition, member.id()));
        }
        return readers;
    }
}
