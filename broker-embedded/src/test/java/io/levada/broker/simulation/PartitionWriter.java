/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * What one producer has under way to one partition: up to five batches. What fails in passing is sent again, in order, once nothing is under way any more, under
 * the sequence it had.
 */
final class PartitionWriter {
    private static final int UNDER_WAY_MAX = 5;
    private static final int PRODUCE = 13;
    private static final long BACK_OFF_MS_MAX = 40;
    private final Producer producer;
    private final KnownTopic topic;
    private final int partition;
    private final short acks;
    private final long producerId;
    private final short epoch;
    private final PartitionLedger ledger;
    private final Deque<Batch> underWay = new ArrayDeque<>();
    private int sequence;
    private boolean backsOff;
    private boolean known;

    PartitionWriter(Producer producer, KnownTopic topic, int partition, short acks, long producerId, short epoch) {
        this.producer = producer;
        this.topic = topic;
        this.partition = partition;
        this.acks = acks;
        this.producerId = producerId;
        this.epoch = epoch;
        this.ledger = producer.world().ledger().partition(topic, partition);
    }

    private static final class Batch {
        private final int firstSequence;
        private final List<Value> values;
        private boolean unanswered;

        Batch(int firstSequence, List<Value> values) {
            this.firstSequence = firstSequence;
            this.values = values;
        }
    }

    boolean isDone() {
        return underWay.isEmpty();
    }

    /** Sends a new batch, unless there are enough under way or something must be sent again first. */
    void write(int count) {
        if (underWay.size() >= UNDER_WAY_MAX || underWay.stream().anyMatch(batch -> !batch.unanswered)) {
            return;
        }
        if (!known && !underWay.isEmpty() && producer.world().diskRefuses()) {
            // As in Kafka, the first batch that a partition gets of a producer may have any sequence: were the very
            // first one
            // refused, the one behind it would be taken.
            return;
        }
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(producer.nextValue());
        }
        values.forEach(ledger::sent);
        Batch batch = new Batch(sequence, values);
        sequence += count;
        if (acks == 0) {
            producer.tell(request(batch), PRODUCE);
        } else {
            underWay.add(batch);
            send(batch);
        }
    }

    private void send(Batch batch) {
        batch.unanswered = true;
        producer.ask(
                request(batch),
                PRODUCE,
                ProduceResponseData.class,
                answer -> answered(batch, answer),
                () -> failed(batch));
    }

    private ProduceRequestData request(Batch batch) {
        SimpleRecord[] records = batch.values.stream()
                .map(value -> new SimpleRecord(
                        producer.world().time().millis(), null, value.text().getBytes(StandardCharsets.UTF_8)))
                .toArray(SimpleRecord[]::new);
        boolean plain = producerId < 0 || producer.world().mutation() == Mutation.SEQUENCES_IGNORED;
        MemoryRecords bytes = plain
                ? MemoryRecords.withRecords(Compression.NONE, records)
                : MemoryRecords.withIdempotentRecords(
                        Compression.NONE, producerId, epoch, batch.firstSequence, records);
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setTopicId(topic.id())
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(bytes))));
        return new ProduceRequestData().setAcks(acks).setTimeoutMs(30_000).setTopicData(topics);
    }

    private void answered(Batch batch, ProduceResponseData answer) {
        PartitionProduceResponse result =
                answer.responses().iterator().next().partitionResponses().get(0);
        Errors error = Errors.forCode(result.errorCode());
        boolean isFirst = underWay.peek() == batch;
        if (error == Errors.NONE) {
            producer.note("has " + batch.values + " at " + ledger + "@" + result.baseOffset());
            underWay.remove(batch);
            known = true;
            note(batch, result.baseOffset());
            sendAgain();
        } else {
            producer.note("is told " + error + " about " + batch.values + " for " + ledger);
            // An earlier batch was refused, so that this one does not follow what is there.
            boolean follows = error == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER && !isFirst;
            Violation.unless(
                    follows || producer.isPassing(error),
                    () -> producer + " is told " + error + " about " + batch.values + " for " + ledger
                            + ", though all before it was acknowledged: " + result.errorMessage());
            failed(batch);
        }
    }

    private void note(Batch batch, long baseOffset) {
        long offset = baseOffset;
        for (Value value : batch.values) {
            if (acks == 1) {
                ledger.written(offset++, value);
            } else {
                ledger.acknowledged(offset++, value);
            }
        }
    }

    private void failed(Batch batch) {
        batch.unanswered = false;
        sendAgain();
    }

    /** Once nothing is under way, so that what is sent again keeps its order. */
    private void sendAgain() {
        if (!backsOff && !underWay.isEmpty() && underWay.stream().noneMatch(batch -> batch.unanswered)) {
            backsOff = true;
            producer.pause(BACK_OFF_MS_MAX, () -> {
                backsOff = false;
                List.copyOf(underWay).forEach(this::send);
            });
        }
    }
}
