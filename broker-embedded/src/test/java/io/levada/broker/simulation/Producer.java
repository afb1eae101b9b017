/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A producer without transactions, plain or idempotent, with batches under way to every partition of a topic. */
final class Producer extends Client {
    private static final long NO_PRODUCER = -1;
    private static final long PAUSE_MS_MAX = 30;
    private final KnownTopic topic;
    private final short acks;
    private final List<PartitionWriter> writers = new ArrayList<>();
    private long values;
    private boolean begun;

    private Producer(World world, String name, KnownTopic topic, short acks) {
        super(world, name, true);
        this.topic = topic;
        this.acks = acks;
    }

    static Producer plain(World world, int number, KnownTopic topic, int acks) {
        return new Producer(world, "plain-acks" + acks + "-" + number, topic, (short) acks);
    }

    static Producer idempotent(World world, int number, KnownTopic topic) {
        return new Producer(world, "idempotent-" + number, topic, (short) -1);
    }

    @Override
    void begin() {
        if (!name().startsWith("idempotent")) {
            write(NO_PRODUCER, (short) -1);
            return;
        }
        ask(
                new InitProducerIdRequestData()
                        .setTransactionalId(null)
                        .setTransactionTimeoutMs(60_000)
                        .setProducerId(NO_PRODUCER)
                        .setProducerEpoch((short) -1),
                5,
                InitProducerIdResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    if (error == Errors.NONE) {
                        world().ledger().gaveProducerId(answer.producerId());
                        write(answer.producerId(), answer.producerEpoch());
                    } else {
                        Violation.unless(isPassing(error), () -> name() + " gets no producer id: " + error);
                        pause(PAUSE_MS_MAX, this::begin);
                    }
                },
                () -> pause(PAUSE_MS_MAX, this::begin));
    }

    private void write(long producerId, short epoch) {
        for (int partition = 0; partition < topic.partitions(); partition++) {
            writers.add(new PartitionWriter(this, topic, partition, acks, producerId, epoch));
        }
        begun = true;
        next();
    }

    private void next() {
        if (world().isSettling()) {
            return;
        }
        writers.get(random().nextInt(writers.size())).write(1 + random().nextInt(4));
        pause(PAUSE_MS_MAX, this::next);
    }

    Value nextValue() {
        return new Value(name(), values++);
    }

    @Override
    boolean isDone() {
        return begun && writers.stream().allMatch(PartitionWriter::isDone);
    }
}
