/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLog;
import java.time.Duration;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands prepared records to the producer, into topics that exist or are created; tries again what may pass. Used by the
 * task's thread.
 */
final class RecordSender {
    private static final Logger LOGGER = LoggerFactory.getLogger(RecordSender.class);
    private static final Duration RETRY_DELAY = Duration.ofMillis(100);

    private final TaskLog log;
    private final Producer<byte[], byte[]> producer;
    private final TopicCreation topics;
    private final TaskControl control;

    RecordSender(TaskLog log, Producer<byte[], byte[]> producer, TopicCreation topics, TaskControl control) {
        this.log = log;
        this.producer = producer;
        this.topics = topics;
        this.control = control;
    }

    /**
     * Hands a record over.
     *
     * @param answer hears what becomes of it, on the producer's thread
     * @return false if it cannot be sent now and the task was told to stop
     * @throws ConnectException if it can never be
     */
    boolean send(ProducerRecord<byte[], byte[]> record, Callback answer) throws InterruptedException {
        while (true) {
            try {
                topics.ensure(record.topic());
                var unused = producer.send(record, answer);
                return true;
            } catch (RetriableException | org.apache.kafka.connect.errors.RetriableException e) {
                log.error(LOGGER.atWarn(), e)
                        .addKeyValue("topic", record.topic())
                        .log("record cannot be sent now, trying again");
            } catch (InterruptException e) {
                throw interrupted(e);
            } catch (ConnectException e) {
                throw e;
            } catch (KafkaException | IllegalStateException e) { // the latter from a producer that was closed
                throw new ConnectException(
                        "A record for topic " + record.topic() + " cannot be sent: " + FailureText.of(e), e);
            }
            if (control.stopping()) {
                return false;
            }
            control.sleep(RETRY_DELAY);
        }
    }

    private static InterruptedException interrupted(InterruptException cause) {
        boolean unused = Thread.interrupted(); // The flag becomes the exception again.
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }
}
