/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.RecordBatch;

/** The producers of one partition, which make its idempotence. Used under the partition's lock. */
final class ProducerStates {
    private final TopicPartition partition;
    private final Map<Long, ProducerEntry> byId = new HashMap<>();

    ProducerStates(TopicPartition partition) {
        this.partition = partition;
    }

    /**
     * Decides about a client's batch.
     *
     * @return the batch that was written when this one came for the first time, or empty when it is the next one
     * @throws org.apache.kafka.common.errors.ApiException when it is neither
     */
    Optional<SentBatch> check(RecordBatch batch) {
        if (!batch.hasProducerId()) {
            return Optional.empty();
        }
        ProducerEntry entry = entry(batch.producerId());
        Optional<SentBatch> duplicate = entry.duplicateOf(batch);
        if (duplicate.isEmpty()) {
            entry.requireNext(batch, partition);
        }
        return duplicate;
    }

    /** Remembers a batch that is in the log. */
    void written(RecordBatch batch, long nowMs) {
        if (!batch.hasProducerId()) {
            return;
        }
        ProducerEntry entry = entry(batch.producerId());
        byId.put(
                batch.producerId(),
                batch.isControlBatch() ? afterMarker(entry, batch, nowMs) : entry.after(batch, nowMs));
    }

    private static ProducerEntry afterMarker(ProducerEntry entry, RecordBatch batch, long nowMs) {
        var records = batch.iterator();
        // Compaction may leave a marker's batch without its record.
        return records.hasNext()
                ? entry.afterMarker(
                        batch.producerEpoch(),
                        EndTransactionMarker.deserialize(records.next()).coordinatorEpoch(),
                        nowMs)
                : entry;
    }

    private ProducerEntry entry(long producerId) {
        ProducerEntry entry = byId.get(producerId);
        return entry == null ? ProducerEntry.unknown(producerId) : entry;
    }

    /** The first offset of the oldest open transaction, or {@link Long#MAX_VALUE}. */
    long firstUnstableOffset() {
        return byId.values().stream()
                .mapToLong(ProducerEntry::openTransactionOffset)
                .filter(offset -> offset != ProducerEntry.NO_TRANSACTION)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void expire(long nowMs, long expirationMs) {
        byId.values().removeIf(entry -> entry.isExpired(nowMs, expirationMs));
    }

    /** What must stay in the log of each producer so that it can be rebuilt. */
    Map<Long, LastBatch> lastBatches() {
        Map<Long, LastBatch> last = new HashMap<>();
        byId.values().forEach(entry -> last.put(entry.producerId(), entry.lastBatch()));
        return last;
    }

    void restore(Collection<ProducerEntry> entries) {
        entries.forEach(entry -> byId.put(entry.producerId(), entry));
    }

    List<ProducerEntry> entries() {
        return List.copyOf(byId.values());
    }
}
