/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.task.errors.Failure;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.SchemasAdvice;
import io.levada.runtime.task.errors.Stage;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;

/** Takes records that a sink task itself gives back (KIP-610); any thread of the plugin may call. */
final class ReportedRecords implements ErrantRecordReporter {
    private final TaskId id;
    private final String plugin;
    private final FailurePolicy policy;

    ReportedRecords(TaskId id, String plugin, FailurePolicy policy) {
        this.id = id;
        this.plugin = plugin;
        this.policy = policy;
    }

    @Override
    public Future<Void> report(SinkRecord record, Throwable error) {
        if (!(record instanceof DeliveredRecord delivered)) {
            throw new ConnectException("Task " + id + " reports a record that it made itself (" + record.topic() + "-"
                    + record.kafkaPartition() + " offset " + record.kafkaOffset()
                    + "); only records given to put(), or derived from them by newRecord(), can be reported");
        }
        ConsumerRecord<byte[], byte[]> consumed = delivered.consumed();
        Throwable cause = error == null ? new ConnectException("The task gives no reason") : error; // As plugins do.
        return policy.tolerate(new Failure(
                id,
                Stage.TASK_PUT,
                plugin,
                SinkRecords.where(consumed),
                consumed,
                cause,
                1,
                SchemasAdvice.forRecords(List.of(record), cause)));
    }
}
