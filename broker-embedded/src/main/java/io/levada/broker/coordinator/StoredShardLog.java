/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import io.levada.broker.log.Fetched;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/** A partition on disk. Equal to another if it is the same log: a topic that was deleted and made again has others. */
record StoredShardLog(PartitionLog log) implements ShardLog {
    private static final int READ_BYTES = 1024 * 1024;
    /** The log does not look at the sequence of what the broker itself appends. */
    private static final int ANY_SEQUENCE = 0;

    private static final long END_SECONDS_MAX = 60;

    @Override
    public long append(List<SimpleRecord> records, Decision.@Nullable Producer producer) {
        SimpleRecord[] all = records.toArray(SimpleRecord[]::new);
        MemoryRecords batch = producer == null
                ? MemoryRecords.withRecords(Compression.NONE, all)
                : MemoryRecords.withTransactionalRecords(
                        Compression.NONE, producer.id(), producer.epoch(), ANY_SEQUENCE, all);
        return log.append(batch, AppendOrigin.BROKER, producer == null ? null : producer.admission())
                .baseOffset();
    }

    @Override
    public void endTransaction(
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            TransactionResult result,
            TransactionVersion version) {
        log.endTransaction(producerId, producerEpoch, coordinatorEpoch, result, version);
    }

    @Override
    public Admission admit(long producerId, short producerEpoch, TransactionVersion version) {
        return log.admit(producerId, producerEpoch, Integer.MAX_VALUE, version);
    }

    @Override
    public long endOffset() {
        return log.logEndOffset();
    }

    @Override
    public long durableOffset() {
        return log.highWatermark();
    }

    @Override
    public CompletableFuture<Void> durable(long nextOffset) {
        return log.durable(nextOffset);
    }

    @Override
    public boolean hasFailed() {
        return log.hasFailed();
    }

    @Override
    public void forEachBatch(Consumer<RecordBatch> reader) {
        long end = log.logEndOffset();
        awaitDurable(end);
        long offset = log.logStartOffset();
        while (offset < end) {
            Fetched fetched = log.read(offset, READ_BYTES, true);
            if (fetched.isEmpty()) {
                // Nothing but what compaction has removed is left.
                return;
            }
            for (RecordBatch batch : fetched.records().batches()) {
                if (batch.baseOffset() >= end) {
                    return;
                }
                reader.accept(batch);
                offset = batch.nextOffset();
            }
        }
    }

    /** Reads stop at the high watermark, and what was written in front of it counts as well. */
    private void awaitDurable(long end) {
        try {
            log.durable(end).get(END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaStorageException("interrupted before the end of " + log.partition() + " was durable", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaStorageException("the end of " + log.partition() + " at " + end + " is not durable", e);
        }
    }
}
