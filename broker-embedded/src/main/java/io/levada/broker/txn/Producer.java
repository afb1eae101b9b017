/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import org.apache.kafka.common.record.internal.RecordBatch;

/** A producer id with the epoch that tells its present holder from earlier ones. */
public record Producer(long id, short epoch) {
    /** No producer. */
    public static final Producer NONE = new Producer(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);

    /** The last epoch that a producer is given: one more is kept to fence it with. */
    static final short EPOCH_MAX = Short.MAX_VALUE - 1;

    boolean isExhausted() {
        return epoch >= EPOCH_MAX;
    }

    Producer next() {
        return new Producer(id, epoch == Short.MAX_VALUE ? epoch : (short) (epoch + 1));
    }
}
