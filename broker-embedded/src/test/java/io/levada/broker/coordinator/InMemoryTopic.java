/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/** An internal topic whose disk does what a test says: refuses, waits, loses what it was not told to keep. */
public final class InMemoryTopic implements InternalTopic {
    private final List<Log> logs = new ArrayList<>();
    private boolean refuses;
    private boolean holds;

    public InMemoryTopic(int partitions) {
        for (int i = 0; i < partitions; i++) {
            logs.add(new Log());
        }
    }

    /** While it refuses, no append is taken. */
    public void refuse(boolean on) {
        refuses = on;
    }

    /** While it holds, nothing becomes durable. */
    public void hold(boolean on) {
        holds = on;
        if (!on) {
            logs.forEach(Log::force);
        }
    }

    /** What a start finds after a power cut: all that was durable. */
    public InMemoryTopic afterPowerCut() {
        InMemoryTopic copy = new InMemoryTopic(logs.size());
        for (int i = 0; i < logs.size(); i++) {
            Log from = logs.get(i);
            Log to = copy.logs.get(i);
            from.batches.stream()
                    .filter(batch -> batch.lastOffset() < from.durable)
                    .forEach(to.batches::add);
            to.end = from.durable;
            to.durable = from.durable;
        }
        return copy;
    }

    @Override
    public String name() {
        return "in-memory";
    }

    @Override
    public int partitions() {
        return logs.size();
    }

    @Override
    public CompletableFuture<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<? extends ShardLog> log(int partition) {
        return Optional.of(logs.get(partition));
    }

    private final class Log implements ShardLog {
        private final List<RecordBatch> batches = new ArrayList<>();
        private final Map<Long, CompletableFuture<Void>> waiting = new TreeMap<>();
        private long end;
        private long durable;

        @Override
        public long append(List<SimpleRecord> records, Decision.@Nullable Producer producer) {
            SimpleRecord[] all = records.toArray(SimpleRecord[]::new);
            return write(
                    producer == null
                            ? MemoryRecords.withRecords(Compression.NONE, all)
                            : MemoryRecords.withTransactionalRecords(
                                    Compression.NONE, producer.id(), producer.epoch(), 0, all));
        }

        @Override
        public void endTransaction(
                long producerId,
                short producerEpoch,
                int coordinatorEpoch,
                TransactionResult result,
                TransactionVersion version) {
            ControlRecordType type =
                    result == TransactionResult.COMMIT ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
            write(MemoryRecords.withEndTransactionMarker(
                    producerId, producerEpoch, new EndTransactionMarker(type, coordinatorEpoch)));
        }

        private long write(MemoryRecords records) {
            if (refuses) {
                throw new KafkaStorageException("No space left on device");
            }
            long first = end;
            for (MutableRecordBatch batch : records.batches()) {
                batch.setLastOffset(end + batch.lastOffset() - batch.baseOffset());
                batches.add(batch);
                end = batch.nextOffset();
            }
            if (!holds) {
                force();
            }
            return first;
        }

        private void force() {
            durable = end;
            List.copyOf(waiting.keySet()).stream()
                    .filter(offset -> offset <= durable)
                    .forEach(offset -> {
                        CompletableFuture<Void> reached = waiting.remove(offset);
                        if (reached != null) {
                            reached.complete(null);
                        }
                    });
        }

        @Override
        public @Nullable Admission admit(long producerId, short producerEpoch, TransactionVersion version) {
            return null;
        }

        @Override
        public long endOffset() {
            return end;
        }

        @Override
        public long durableOffset() {
            return durable;
        }

        @Override
        public CompletableFuture<Void> durable(long nextOffset) {
            return nextOffset <= durable
                    ? CompletableFuture.completedFuture(null)
                    : waiting.computeIfAbsent(nextOffset, offset -> new CompletableFuture<>());
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public void forEachBatch(Consumer<RecordBatch> reader) {
            batches.forEach(reader);
        }
    }
}
