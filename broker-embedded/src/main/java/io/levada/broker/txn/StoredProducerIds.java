/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.coordinator.LoggedRecord;
import io.levada.broker.log.Fetched;
import io.levada.broker.log.PartitionLog;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer ids in {@code __transaction_state}, for who has to know them before the coordinator has read it back. Blocks on disk. */
public final class StoredProducerIds {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoredProducerIds.class);
    private static final int READ_BYTES = 1024 * 1024;

    private StoredProducerIds() {}

    /** Whether a partition holds what transactional ids are about. */
    public static boolean areIn(PartitionLog log) {
        return log.partition().topic().equals(Topic.TRANSACTION_STATE_TOPIC_NAME);
    }

    /**
     * Passes over all that a partition of {@code __transaction_state} tells of.
     *
     * @return whether all of it could be read
     */
    public static boolean passOver(PartitionLog log, ProducerIds ids) {
        try {
            passOverAll(log, ids);
            return true;
        } catch (RuntimeException e) { // the coordinator tells what is wrong with the partition, and serves the others
            LOGGER.atWarn()
                    .addKeyValue("log", log)
                    .addKeyValue("error", e.toString())
                    .log("the producer ids of transactions cannot be read");
            return false;
        }
    }

    private static void passOverAll(PartitionLog log, ProducerIds ids) {
        long offset = log.logStartOffset();
        while (offset < log.highWatermark()) {
            Fetched fetched = log.read(offset, READ_BYTES, true);
            if (fetched.isEmpty()) {
                return; // only what compaction has removed is left
            }
            for (RecordBatch batch : fetched.records().batches()) {
                passOver(batch, ids);
                offset = batch.nextOffset();
            }
        }
    }

    private static void passOver(RecordBatch batch, ProducerIds ids) {
        try {
            for (Record record : batch) {
                TransactionRecords.read(logged(record), (transactionalId, transaction) -> {
                    if (transaction != null) {
                        ids.passOver(transaction.producer().id());
                        ids.passOver(transaction.nextProducerId());
                    }
                });
            }
        } catch (RuntimeException toldByTheCoordinator) {
            LOGGER.atDebug().setCause(toldByTheCoordinator).log("records of transactions cannot be understood");
        }
    }

    private static LoggedRecord logged(Record record) {
        return new LoggedRecord(
                0,
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                RecordBatch.NO_PRODUCER_ID,
                RecordBatch.NO_PRODUCER_EPOCH);
    }
}
