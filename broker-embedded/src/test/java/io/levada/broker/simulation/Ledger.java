/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the clients together know of the broker, and what it therefore may not answer any more. */
final class Ledger {
    private final InstantSource time;
    private final Map<String, PartitionLedger> partitions = new LinkedHashMap<>();
    private final Map<String, OffsetLedger> offsets = new LinkedHashMap<>();
    private final Map<String, TransformLedger> transforms = new LinkedHashMap<>();
    private final KeyLedger keys = new KeyLedger();
    private final GroupLedger group = new GroupLedger();
    private final TransactionLedger transactions = new TransactionLedger();
    private final Set<Long> producerIds = new HashSet<>();
    private long gaps;

    Ledger(InstantSource time) {
        this.time = time;
    }

    PartitionLedger partition(KnownTopic topic, int partition) {
        return partitions.computeIfAbsent(
                topic.id() + "-" + partition, key -> new PartitionLedger(topic.name() + "-" + partition, topic, time));
    }

    /** A reader found that compaction has been there. */
    void sawGap() {
        gaps++;
    }

    long gaps() {
        return gaps;
    }

    KeyLedger keys() {
        return keys;
    }

    OffsetLedger offset(String group, String partition) {
        String key = group + " of " + partition;
        return offsets.computeIfAbsent(key, OffsetLedger::new);
    }

    TransactionLedger transactions() {
        return transactions;
    }

    TransformLedger transform(String id) {
        return transforms.computeIfAbsent(id, TransformLedger::new);
    }

    /** A reader of committed records found this. */
    void readCommitted(String text, boolean isLastRound) {
        transactions.readCommitted(text, isLastRound);
        Value value = Value.parse(text);
        TransformLedger transform = transforms.get(value.producer().split("\\.", 2)[0]);
        if (transform != null) {
            transform.readCommitted(value);
        }
    }

    /** Everybody is done. */
    void checkAll() {
        transactions.checkAll();
        transforms.values().forEach(TransformLedger::checkAll);
    }

    GroupLedger group() {
        return group;
    }

    void gaveProducerId(long id) {
        Violation.unless(producerIds.add(id), () -> "the producer id " + id + " was given twice");
    }

    void powerWasCut() {
        Collection<PartitionLedger> all = partitions.values();
        all.forEach(PartitionLedger::powerWasCut);
    }
}
