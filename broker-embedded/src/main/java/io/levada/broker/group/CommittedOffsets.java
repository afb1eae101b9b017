/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/**
 * All committed offsets, and those that open transactions will commit. Changed by replay alone; owned by the coordinator thread.
 *
 * <p>An offset of a transaction is kept aside until the marker in the group's partition of {@code __consumer_offsets}: a commit puts it in place, an
 * abort drops it. Until then it can be asked for ({@link #isPending}), not seen. Of a plain and a transactional commit the one that lies later in the
 * log wins, as a log that was compacted could not tell another order.
 */
final class CommittedOffsets {
    private final Map<String, Map<TopicPartition, Logged>> committed = new HashMap<>();
    private final Map<String, Map<TopicPartition, Map<Transaction, Logged>>> pending = new HashMap<>();
    private final Map<Transaction, Map<String, Set<TopicPartition>>> open = new HashMap<>();

    /** What one partition of {@code __consumer_offsets} knows of a producer's transaction. */
    private record Transaction(int partition, long producerId) {}

    private record Logged(CommittedOffset offset, long loggedAt) {}

    void committed(String group, TopicPartition partition, CommittedOffset offset, long loggedAt) {
        committed.computeIfAbsent(group, id -> new HashMap<>()).put(partition, new Logged(offset, loggedAt));
    }

    /** It is gone, and so is what transactions would have put there. */
    void removed(String group, TopicPartition partition) {
        remove(committed, group, partition);
        pending.getOrDefault(group, Map.of())
                .getOrDefault(partition, Map.of())
                .keySet()
                .forEach(transaction -> leave(transaction, group, partition));
        remove(pending, group, partition);
    }

    /** A transaction has nothing more to put there. */
    private void leave(Transaction transaction, String group, TopicPartition partition) {
        Map<String, Set<TopicPartition>> rest = open.getOrDefault(transaction, Map.of());
        Set<TopicPartition> partitions = rest.get(group);
        if (partitions != null && partitions.remove(partition) && partitions.isEmpty()) {
            rest.remove(group);
            if (rest.isEmpty()) {
                open.remove(transaction);
            }
        }
    }

    /** Keeps an offset aside; {@code at} is the partition of {@code __consumer_offsets}. */
    void pending(
            int at, long producerId, String group, TopicPartition partition, CommittedOffset offset, long loggedAt) {
        Transaction transaction = new Transaction(at, producerId);
        pending.computeIfAbsent(group, id -> new HashMap<>())
                .computeIfAbsent(partition, one -> new HashMap<>())
                .put(transaction, new Logged(offset, loggedAt));
        open.computeIfAbsent(transaction, one -> new HashMap<>())
                .computeIfAbsent(group, id -> new HashSet<>())
                .add(partition);
    }

    /** The transaction of a producer has ended, as far as partition {@code at} of {@code __consumer_offsets} is concerned. */
    void ended(int at, long producerId, TransactionResult result) {
        Transaction transaction = new Transaction(at, producerId);
        open.getOrDefault(transaction, Map.of())
                .forEach((group, partitions) -> partitions.forEach(partition -> {
                    Logged aside = takeAside(group, partition, transaction);
                    if (aside != null && result == TransactionResult.COMMIT) {
                        committed
                                .computeIfAbsent(group, id -> new HashMap<>())
                                .merge(partition, aside, (old, now) -> now.loggedAt > old.loggedAt ? now : old);
                    }
                }));
        open.remove(transaction);
    }

    private @Nullable Logged takeAside(String group, TopicPartition partition, Transaction transaction) {
        Map<Transaction, Logged> aside = pending.getOrDefault(group, Map.of()).get(partition);
        if (aside == null) {
            return null;
        }
        Logged taken = aside.remove(transaction);
        if (aside.isEmpty()) {
            remove(pending, group, partition);
        }
        return taken;
    }

    Optional<CommittedOffset> find(String group, TopicPartition partition) {
        return Optional.ofNullable(committed.getOrDefault(group, Map.of()).get(partition))
                .map(Logged::offset);
    }

    Map<TopicPartition, CommittedOffset> of(String group) {
        Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
        committed.getOrDefault(group, Map.of()).forEach((partition, logged) -> offsets.put(partition, logged.offset));
        return offsets;
    }

    /** Whether open transactions have an offset for the partition. */
    boolean isPending(String group, TopicPartition partition) {
        return pending(group).contains(partition);
    }

    /** The partitions for which open transactions have offsets. */
    Set<TopicPartition> pending(String group) {
        return pending.getOrDefault(group, Map.of()).keySet();
    }

    /** Forgets what the log no longer tells. */
    void forget(Predicate<String> groups) {
        committed.keySet().removeIf(groups);
        pending.keySet().removeIf(groups);
        open.values().forEach(rest -> rest.keySet().removeIf(groups));
        open.values().removeIf(Map::isEmpty);
    }

    /** For how many transactions, each counted in every partition of {@code __consumer_offsets}, something is kept aside. */
    int openTransactions() {
        return open.size();
    }

    private static <V> void remove(Map<String, Map<TopicPartition, V>> from, String group, TopicPartition partition) {
        Map<TopicPartition, V> present = from.get(group);
        if (present != null) {
            present.remove(partition);
            if (present.isEmpty()) {
                from.remove(group);
            }
        }
    }
}
