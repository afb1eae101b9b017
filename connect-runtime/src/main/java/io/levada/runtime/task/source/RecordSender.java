/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.metrics.SourceMeter;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.errors.Failure;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Stage;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends prepared records and follows them until they are acknowledged. {@link #send} belongs to the task's thread; what
 * became of a record is said on the producer's thread, which leaves a failure for the task's thread to find.
 */
final class RecordSender {
    private static final Logger LOGGER = LoggerFactory.getLogger(RecordSender.class);
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);
    private static final Duration ROOM_CHECK = Duration.ofMillis(500);

    private final TaskId id;
    private final SourceTask task;
    private final Producer<byte[], byte[]> producer;
    private final InFlight inFlight;
    private final TopicCreation topics;
    private final FailurePolicy policy;
    private final TaskServices services;
    private final SourceMeter meter;
    private final LogContext context;
    private final FirstBatch firstBatch;
    private volatile @Nullable Throwable failure;
    /** Who was told last. Two that race tell themselves twice. */
    private @Nullable Thread named;

    RecordSender(
            TaskId id,
            SourceTask task,
            Producer<byte[], byte[]> producer,
            InFlight inFlight,
            TopicCreation topics,
            FailurePolicy policy,
            TaskServices services,
            TaskMeter meter,
            FirstBatch firstBatch) {
        this.id = id;
        this.task = task;
        this.producer = producer;
        this.inFlight = inFlight;
        this.topics = topics;
        this.policy = policy;
        this.services = services;
        this.meter = meter.source();
        this.context = LogContext.of(id);
        this.firstBatch = firstBatch;
    }

    /** Counts a record that is dropped on purpose as done. */
    void drop(SourceRecord polled) throws InterruptedException {
        inFlight.add(polled.sourcePartition(), polled.sourceOffset()).acknowledge();
        meter.dropped(1);
        task.commitRecord(polled, null);
    }

    /**
     * Hands a record to the producer; waits where there is no room for it. Tries again what may pass.
     *
     * @return false if the task was told to stop before the record was sent
     */
    boolean send(SourceRecord polled, ProducerRecord<byte[], byte[]> record, TaskControl control)
            throws InterruptedException {
        while (inFlight.full()) {
            if (control.stopping()) {
                return false;
            }
            inFlight.awaitRoom(ROOM_CHECK);
            throwFailure();
        }
        while (!control.stopping()) {
            InFlight.Entry entry = null;
            boolean first = firstBatch.sending();
            try {
                topics.ensure(record.topic());
                entry = inFlight.add(polled.sourcePartition(), polled.sourceOffset());
                InFlight.Entry sent = entry;
                var unused = producer.send(record, (metadata, refused) -> {
                    onAnswer(polled, record, sent, metadata, refused);
                    if (first && healthy()) {
                        firstBatch.done();
                    }
                });
                return true;
            } catch (RetriableException | org.apache.kafka.connect.errors.RetriableException e) {
                if (entry != null) {
                    inFlight.withdraw(polled.sourcePartition(), entry);
                }
                if (first) {
                    firstBatch.done();
                }
                LOGGER.atWarn()
                        .addKeyValue("connector", id.connector())
                        .addKeyValue("task", id.task())
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("error", e.toString())
                        .log("record cannot be sent now, trying again");
                control.sleep(RETRY_DELAY);
            }
        }
        return false;
    }

    private void onAnswer(
            SourceRecord polled,
            ProducerRecord<byte[], byte[]> record,
            InFlight.Entry entry,
            RecordMetadata metadata,
            @Nullable Exception refused) {
        nameThread();
        try {
            if (refused == null) {
                meter.wrote(1);
                if (services.worker().topicRules().tracking()) {
                    services.statuses().putTopic(record.topic(), id);
                }
                task.commitRecord(polled, metadata);
                entry.acknowledge();
            } else if (policy.toleratesAll()) {
                meter.dropped(1);
                var unused = policy.tolerate(failure(polled, refused));
                task.commitRecord(polled, null);
                entry.acknowledge();
            } else {
                fail(new ConnectException(failure(polled, refused).describe(), refused));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        } catch (Throwable e) {
            fail(new ConnectException(
                    "commitRecord() of " + task.getClass().getName() + " failed for " + SourceRecords.where(polled)
                            + ": " + e,
                    e));
        }
    }

    /** The producer has a thread to itself, and this task has the producer: it is told once for whom it works. */
    private void nameThread() {
        Thread current = Thread.currentThread();
        if (named != current) {
            context.stay();
            named = current;
        }
    }

    private Failure failure(SourceRecord polled, Throwable cause) {
        return new Failure(
                id, Stage.KAFKA_PRODUCE, producer.getClass().getName(), SourceRecords.where(polled), null, cause, 1);
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Throws what has gone wrong with records sent before, if anything has. */
    void throwFailure() {
        Throwable found = failure;
        if (found instanceof ConnectException known) {
            throw known;
        }
        if (found != null) {
            throw new ConnectException("A record could not be sent: " + found, found);
        }
    }

    /** Whether nothing has gone wrong so far. */
    boolean healthy() {
        return failure == null;
    }
}
