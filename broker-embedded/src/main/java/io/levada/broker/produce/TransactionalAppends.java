/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.produce;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.log.Appended;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.txn.TransactionCoordinator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Appends batches of transactions. One that goes on with a transaction which is open in the partition is appended like any other; one that would begin it
 * waits until the transaction coordinator says that the partition belongs to it (KIP-890), and those of the same producer that come meanwhile wait behind
 * it, so that their order stays.
 */
final class TransactionalAppends {
    private final TransactionCoordinator transactions;
    private final Map<Key, CompletableFuture<Appended>> waiting = new ConcurrentHashMap<>();

    TransactionalAppends(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    private record Key(TopicPartition partition, long producerId) {}

    /** A batch on its way into a partition. */
    private record Arrival(
            PartitionLog log, MemoryRecords records, RecordBatch batch, String transactionalId, short version) {
        boolean isOpen() {
            return log.hasOpenTransaction(batch.producerId(), batch.producerEpoch());
        }

        Admission admit(boolean bumpsEpochs) {
            return log.admit(
                    batch.producerId(),
                    batch.producerEpoch(),
                    batch.baseSequence(),
                    bumpsEpochs ? TransactionVersion.BUMPS_EPOCHS : TransactionVersion.BEFORE_2);
        }

        Appended append(@Nullable Admission admission) {
            return log.append(records, AppendOrigin.CLIENT, admission);
        }
    }

    /**
     * To be called on the partition's executor.
     *
     * @param version of the request
     */
    CompletableFuture<Appended> append(
            PartitionLog log, MemoryRecords records, String transactionalId, short version, Executor executor) {
        Arrival arrival = new Arrival(log, records, records.batches().iterator().next(), transactionalId, version);
        Key key = new Key(log.partition(), arrival.batch.producerId());
        CompletableFuture<Appended> before = waiting.get(key);
        if (before == null && arrival.isOpen()) {
            return CompletableFuture.completedFuture(arrival.append(null));
        }
        CompletableFuture<Appended> appended = before == null
                ? admit(arrival, executor)
                : before.handle((done, failure) -> true).thenComposeAsync(turn -> inTurn(arrival, executor), executor);
        waiting.put(key, appended);
        CompletableFuture<Appended> ignored = appended.whenComplete((done, failure) -> waiting.remove(key, appended));
        return appended;
    }

    private CompletableFuture<Appended> inTurn(Arrival arrival, Executor executor) {
        return arrival.isOpen() ? CompletableFuture.completedFuture(arrival.append(null)) : admit(arrival, executor);
    }

    private CompletableFuture<Appended> admit(Arrival arrival, Executor executor) {
        RecordBatch batch = arrival.batch;
        boolean addMissing = TransactionErrors.addsPartitions(arrival.version);
        return transactions
                .admitOnceEnded(
                        arrival.transactionalId,
                        batch.producerId(),
                        batch.producerEpoch(),
                        Set.of(arrival.log.partition()),
                        addMissing,
                        // Before the coordinator is asked: a marker that is written in between makes it void.
                        () -> arrival.admit(addMissing))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        TransactionErrors.forProducers(ErrorCodes.asApiException(failure), arrival.version)))
                .thenApplyAsync(arrival::append, executor);
    }
}
