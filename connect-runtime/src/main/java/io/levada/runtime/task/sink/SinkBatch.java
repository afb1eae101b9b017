/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.metrics.SinkMeter;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.errors.SchemasAdvice;
import io.levada.runtime.task.errors.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records on their way into the task. What it refuses for now is kept, and put again before anything else is read. */
final class SinkBatch {
    private static final Logger LOGGER = LoggerFactory.getLogger(SinkBatch.class);

    private final TaskLog log;
    private final SinkTask task;
    private final SinkRecords records;
    private final Progress progress;
    private final SinkMeter meter;
    private final Redelivery redelivery = new Redelivery();
    private final List<SinkRecord> waiting = new ArrayList<>();

    SinkBatch(TaskLog log, SinkTask task, SinkRecords records, Progress progress, SinkMeter meter) {
        this.log = log;
        this.task = task;
        this.records = records;
        this.progress = progress;
        this.meter = meter;
    }

    /** Converts and transforms what was read. */
    void add(Iterable<ConsumerRecord<byte[], byte[]>> polled) throws InterruptedException {
        int read = 0;
        int before = waiting.size();
        for (ConsumerRecord<byte[], byte[]> consumed : polled) {
            read++;
            SinkRecord prepared = records.prepare(consumed);
            progress.read(new TopicPartition(consumed.topic(), consumed.partition()), consumed.offset() + 1);
            if (prepared != null) {
                waiting.add(prepared);
            }
        }
        meter.read(read, waiting.size() - before);
    }

    /**
     * Puts all there is, also if there is nothing: tasks count on being called.
     *
     * @return whether the task has taken a record
     */
    boolean put() throws InterruptedException {
        try {
            long startNanos = System.nanoTime();
            hand(List.copyOf(waiting));
            meter.put(waiting.size(), System.nanoTime() - startNanos);
            boolean taken = !waiting.isEmpty();
            waiting.clear();
            redelivery.accepted();
            progress.allDelivered();
            return taken;
        } catch (RetriableException e) {
            redelivery.refused();
            log.error(LOGGER.atWarn(), e)
                    .addKeyValue("records", waiting.size())
                    .addKeyValue("retryInMs", delay().toMillis())
                    .log("put failed for now, the records will be put again");
            return false;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new ConnectException(
                    Stage.TASK_PUT + " by " + task.getClass().getName() + " failed for " + range() + ": "
                            + FailureText.of(e)
                            + SchemasAdvice.forRecords(waiting, e),
                    e);
        }
    }

    /** Says that the task may be interrupted, which Scala and Kotlin let through. */
    private void hand(List<SinkRecord> records) throws InterruptedException {
        task.put(records);
    }

    /** Whether records wait to be put again. */
    boolean waits() {
        return redelivery.pending();
    }

    Duration delay() {
        return redelivery.delay();
    }

    /** Drops what belongs to partitions that are somebody else's now. */
    void removed(Collection<TopicPartition> partitions) {
        waiting.removeIf(record ->
                partitions.contains(new TopicPartition(record.originalTopic(), record.originalKafkaPartition())));
        if (waiting.isEmpty()) {
            redelivery.accepted();
        }
    }

    private String range() {
        @Nullable SinkRecord first = waiting.isEmpty() ? null : waiting.get(0);
        if (first == null) {
            return "an empty batch";
        }
        SinkRecord last = waiting.get(waiting.size() - 1);
        return waiting.size() + " records from " + where(first) + " to " + where(last);
    }

    private static String where(SinkRecord record) {
        return record.originalTopic() + "-" + record.originalKafkaPartition() + " offset "
                + record.originalKafkaOffset();
    }
}
