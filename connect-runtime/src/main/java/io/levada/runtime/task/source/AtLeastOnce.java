/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every record arrives at least once: an offset is committed, every so often and in the end, only when the records up to
 * it are acknowledged. A crash repeats what was sent since.
 */
final class AtLeastOnce implements Delivery {
    private static final Logger LOGGER = LoggerFactory.getLogger(AtLeastOnce.class);
    private static final Duration ROOM_CHECK = Duration.ofMillis(500);

    private final SourceRecords records;
    private final RecordSender sender;
    private final Answers answers;
    private final OffsetsInTime offsets;
    private final Runnable onWorked;
    private boolean hasSent;
    private long polls;

    /** @param onWorked called once, when the first batch has arrived; on any thread */
    AtLeastOnce(SourceRecords records, RecordSender sender, Answers answers, OffsetsInTime offsets, Runnable onWorked) {
        this.records = records;
        this.sender = sender;
        this.answers = answers;
        this.offsets = offsets;
        this.onWorked = onWorked;
    }

    /** The offsets that wait for acknowledgements, and their commits. */
    record OffsetsInTime(TaskId id, InFlight inFlight, OffsetCommit commit, Flushes flushes, Duration timeout) {}

    @Override
    public void begin() {
        offsets.flushes.start();
    }

    @Override
    public boolean ready() throws InterruptedException {
        answers.throwFailure();
        return offsets.inFlight.awaitRoom(ROOM_CHECK);
    }

    @Override
    public void send(List<SourceRecord> polled) throws InterruptedException {
        if (answers.over()) {
            return; // Given up while it was polled: whoever stands in its place polls it again.
        }
        FirstBatch first = hasSent || polled.isEmpty() ? null : new FirstBatch(polled.size(), onWorked);
        hasSent |= !polled.isEmpty();
        polls++;
        List<InFlight.Entry> entries = offsets.inFlight.add(polled);
        int sent = 0;
        try {
            while (sent < entries.size()) {
                answers.throwFailure();
                SourceRecord record = polled.get(sent);
                ProducerRecord<byte[], byte[]> prepared = records.prepare(record);
                if (prepared == null) {
                    answers.dropped(record, entries.get(sent), first);
                } else if (!hand(record, entries.get(sent), prepared, first)) {
                    return; // Told to stop: what is not sent is polled again after the restart.
                }
                sent++;
            }
        } finally {
            answers.unsent(entries.subList(sent, entries.size()));
        }
    }

    private boolean hand(
            SourceRecord record,
            InFlight.Entry entry,
            ProducerRecord<byte[], byte[]> prepared,
            @Nullable FirstBatch first)
            throws InterruptedException {
        return sender.send(prepared, new Answers.Sent(answers, record, entry, prepared.topic(), polls, first));
    }

    @Override
    public void throwFailure() {
        answers.throwFailure();
    }

    @Override
    public void finish() throws InterruptedException {
        offsets.flushes.close();
        boolean arrived = offsets.inFlight.awaitEmpty(offsets.timeout);
        boolean committed = offsets.commit.run();
        LOGGER.atInfo()
                .addKeyValue("connector", offsets.id.connector())
                .addKeyValue("task", offsets.id.task())
                .addKeyValue("recordsArrived", arrived)
                .addKeyValue("offsetsCommitted", committed)
                .log("source task has sent its last");
    }

    @Override
    public void cancel() {
        answers.end();
        offsets.commit.cancel();
        offsets.flushes.close();
        offsets.inFlight.cancel();
    }

    @Override
    public void close() {
        answers.end();
        offsets.flushes.close();
    }
}
