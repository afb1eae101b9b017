/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.List;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.protocol.Errors;

/** Now and then deletes what is old in a partition; what is answered as deleted stays deleted. */
final class RecordDeleter extends Client {
    private static final int DELETE_RECORDS = 2;
    private static final long PAUSE_MS_MAX = 600;
    private static final int RECORDS_MAX = 20;
    private final KnownTopic topic;
    private boolean busy;

    RecordDeleter(World world, KnownTopic topic) {
        super(world, "deleter", true);
        this.topic = topic;
    }

    @Override
    void begin() {
        pause(PAUSE_MS_MAX, this::delete);
    }

    @Override
    boolean isDone() {
        return !busy;
    }

    private void delete() {
        if (world().isSettling()) {
            return;
        }
        int partition = random().nextInt(topic.partitions());
        PartitionLedger ledger = world().ledger().partition(topic, partition);
        PartitionLedger.Bounds bounds = ledger.bounds();
        long offset = Math.min(bounds.highWatermark(), bounds.logStart() + random().nextInt(RECORDS_MAX));
        ledger.deletionAsked(offset);
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTimeoutMs(30_000)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(offset)))));
        busy = true;
        ask(
                request,
                DELETE_RECORDS,
                DeleteRecordsResponseData.class,
                answer -> {
                    busy = false;
                    answered(ledger, offset, answer);
                    begin();
                },
                () -> {
                    busy = false;
                    begin();
                });
    }

    private void answered(PartitionLedger ledger, long offset, DeleteRecordsResponseData answer) {
        DeleteRecordsPartitionResult result =
                answer.topics().iterator().next().partitions().iterator().next();
        Errors error = Errors.forCode(result.errorCode());
        note("is told " + error + " about deleting " + ledger + " below " + offset);
        if (error == Errors.NONE) {
            Violation.unless(
                    result.lowWatermark() >= offset,
                    () -> ledger + " begins at " + result.lowWatermark() + " after a deletion below " + offset);
            ledger.deleted(offset);
        } else {
            Violation.unless(
                    isPassing(error), () -> name() + " cannot delete below " + offset + " in " + ledger + ": " + error);
        }
    }
}
