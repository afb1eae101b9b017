/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.metrics.SourceMeter;
import io.levada.runtime.task.errors.Failure;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Stage;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the records of a source task. Heard on the producer's thread, which leaves a failure for the task's
 * thread to find.
 */
final class Answers {
    private final TaskId id;
    private final PluginNotes notes;
    private final FailurePolicy policy;
    private final Consumer<String> topics;
    private final SourceMeter meter;
    private final LogContext context;
    private volatile @Nullable Throwable failure;
    private volatile boolean over;
    /** Who was told last for whom it works. Two that race tell themselves twice. */
    private @Nullable Thread named;
    /** The use of which topic was told last, and of which poll that was. Two that race tell it twice. */
    private @Nullable String toldTopic;

    private long toldPoll;

    /** @param topics is told of topics that hold a record now, at least once for each poll */
    Answers(TaskId id, PluginNotes notes, FailurePolicy policy, Consumer<String> topics, SourceMeter meter) {
        this.id = id;
        this.notes = notes;
        this.policy = policy;
        this.topics = topics;
        this.meter = meter;
        this.context = LogContext.of(id);
    }

    /**
     * A record that was handed to the producer.
     *
     * @param topic where it goes
     * @param poll the number of the poll that brought it, from 1 on
     * @param first the batch whose arrival shows that the task works, if the record belongs to it
     */
    record Sent(
            Answers answers,
            SourceRecord polled,
            InFlight.Entry entry,
            String topic,
            long poll,
            @Nullable FirstBatch first)
            implements Callback {
        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception refused) {
            answers.nameThread();
            if (answers.over) {
                entry.giveUp(); // Nobody waits for it any more, and a producer that is being closed refuses all it has.
            } else if (refused == null) {
                answers.arrived(this, metadata);
            } else {
                answers.refused(this, refused);
            }
        }
    }

    /** A record is dropped on purpose, which is as good as if it had arrived. */
    void dropped(SourceRecord polled, InFlight.Entry entry, @Nullable FirstBatch first) {
        meter.dropped(1);
        notes.record(polled, null);
        done(entry, first);
    }

    private static void done(InFlight.Entry entry, @Nullable FirstBatch first) {
        entry.acknowledge();
        if (first != null) {
            first.done();
        }
    }

    /** Records were not handed over, and will not be in this life of the task. */
    void unsent(List<InFlight.Entry> entries) {
        meter.dropped(entries.size());
        entries.forEach(InFlight.Entry::giveUp);
    }

    /** The producer has a thread to itself, and this task has the producer: it is told once for whom it works. */
    private void nameThread() {
        Thread current = Thread.currentThread();
        if (named != current) {
            context.stay();
            named = current;
        }
    }

    private void arrived(Sent sent, @Nullable RecordMetadata metadata) {
        meter.wrote(1);
        notes.record(sent.polled, metadata);
        done(sent.entry, sent.first);
        tellUse(sent.topic, sent.poll);
    }

    /** Of the records of one topic any may be the first to arrive, and the first may be refused. */
    private void tellUse(String topic, long poll) {
        if (poll != toldPoll || !topic.equals(toldTopic)) {
            toldTopic = topic;
            toldPoll = poll;
            topics.accept(topic);
        }
    }

    private void refused(Sent sent, Exception refused) {
        Failure failed = new Failure(
                id, Stage.KAFKA_PRODUCE, "the producer", SourceRecords.where(sent.polled), null, refused, 1);
        try {
            if (policy.toleratesAll()) {
                var unused = policy.tolerate(failed);
                dropped(sent.polled, sent.entry, sent.first);
                return;
            }
            fail(new ConnectException(failed.describe(), refused));
        } catch (RuntimeException e) {
            fail(e); // The report of a tolerated failure failed, and the record would be gone without a word.
        }
        sent.entry.giveUp();
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

    /** Answers that come later change nothing and are not told. */
    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }
}
