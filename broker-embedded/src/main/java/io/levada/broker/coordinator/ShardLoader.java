/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays one partition from its beginning. A record that is none of ours, or was damaged before it was written, is passed over and stays in the log:
 * it may not keep everything else from being served.
 */
final class ShardLoader {
    private static final Logger LOGGER = LoggerFactory.getLogger(ShardLoader.class);
    private final String topic;
    private final int partition;
    private final Shard state;
    private long passedOver;
    private long firstOffset;
    private long lastOffset;
    private String firstError = "";

    ShardLoader(String topic, int partition, Shard state) {
        this.topic = topic;
        this.partition = partition;
        this.state = state;
    }

    void load(ShardLog log) {
        log.forEachBatch(this::replay);
        if (passedOver > 0) {
            LOGGER.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("partition", partition)
                    .addKeyValue("records", passedOver)
                    .addKeyValue("firstOffset", firstOffset)
                    .addKeyValue("lastOffset", lastOffset)
                    .addKeyValue("error", firstError)
                    .log("records passed over, they cannot be understood; they are kept");
        }
    }

    private void replay(RecordBatch batch) {
        try {
            for (Record record : batch) {
                if (batch.isControlBatch()) {
                    replayMarker(batch, record);
                } else {
                    replay(batch, record);
                }
            }
        } catch (RuntimeException e) {
            // Not even its records can be told apart.
            passOver(batch.baseOffset(), batch.lastOffset(), e);
        }
    }

    private void replay(RecordBatch batch, Record record) {
        try {
            state.replay(LoggedRecord.read(partition, batch, record));
        } catch (RuntimeException e) {
            passOver(record.offset(), record.offset(), e);
        }
    }

    private void replayMarker(RecordBatch batch, Record record) {
        ControlRecordType type = ControlRecordType.parse(record.key());
        if (type == ControlRecordType.COMMIT || type == ControlRecordType.ABORT) {
            TransactionResult result =
                    type == ControlRecordType.COMMIT ? TransactionResult.COMMIT : TransactionResult.ABORT;
            state.replayMarker(partition, batch.producerId(), batch.producerEpoch(), result);
        }
    }

    private void passOver(long from, long to, RuntimeException why) {
        if (passedOver == 0) {
            firstOffset = from;
            firstError = why.toString();
        }
        passedOver += to - from + 1;
        lastOffset = to;
    }
}
