/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/** One partition of an internal topic, as the runtime uses it. Exceptions are those of {@link io.levada.broker.log.PartitionLog}. */
interface ShardLog {
    /**
     * Writes all records as one batch, or nothing.
     *
     * @return the offset of the first
     */
    long append(List<SimpleRecord> records, Decision.@Nullable Producer producer);

    /** Writes the marker that ends a transaction. */
    void endTransaction(
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            TransactionResult result,
            TransactionVersion version);

    /** Leave to begin a transaction here, to be handed in with {@link Decision.Producer}; null where none is needed. */
    @Nullable
    Admission admit(long producerId, short producerEpoch, TransactionVersion version);

    /** The offset that the next record gets. */
    long endOffset();

    /** Everything below is durable. */
    long durableOffset();

    /** Completes once everything below {@code nextOffset} is durable; fails if it never will be. */
    CompletableFuture<Void> durable(long nextOffset);

    /** Whether the disk refused for good. */
    boolean hasFailed();

    /** Reads every batch up to the present end, one at a time in memory; waits until that end is durable. */
    void forEachBatch(Consumer<RecordBatch> reader);
}
