/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * Writes transactions over several partitions, one batch at a time, by the second version of the protocol (KIP-890): partitions join by being written to, and
 * each end gives the next epoch. What goes wrong beyond a retry is aborted by beginning anew.
 */
final class TransactionalProducer extends Client {
    private static final int FIND_COORDINATOR = 6;
    private static final int INIT_PRODUCER_ID = 5;
    private static final int PRODUCE = 13;
    private static final int END_TXN = 5;
    private static final int TIMEOUT_MS = 2_000;
    private static final long PAUSE_MS_MAX = 40;
    private final KnownTopic topic;
    private final TransactionLedger ledger;
    private final int[] sequences;
    private TransactionLedger.Transaction transaction = new TransactionLedger.Transaction();
    private long producerId;
    private short epoch;
    private long values;
    private int left;
    private boolean isLast;
    private boolean finished;

    TransactionalProducer(World world, int number, KnownTopic topic) {
        // One that another life of it has replaced must not be heard any more; here each has one life.
        super(world, "transactional-" + number, false);
        this.topic = topic;
        this.ledger = world.ledger().transactions();
        this.sequences = new int[topic.partitions()];
    }

    @Override
    void begin() {
        ask(
                new FindCoordinatorRequestData().setKeyType((byte) 1).setCoordinatorKeys(List.of(name())),
                FIND_COORDINATOR,
                FindCoordinatorResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.coordinators().get(0).errorCode());
                    Violation.unless(
                            error == Errors.NONE || isPassing(error), () -> name() + " finds no coordinator: " + error);
                    pause(PAUSE_MS_MAX, error == Errors.NONE ? this::beginAnew : this::begin);
                },
                () -> pause(PAUSE_MS_MAX, this::begin));
    }

    /** Has got a transaction through after nothing went wrong any more. */
    @Override
    boolean isDone() {
        return finished;
    }

    private void beginAnew() {
        ask(
                new InitProducerIdRequestData()
                        .setTransactionalId(name())
                        .setTransactionTimeoutMs(TIMEOUT_MS)
                        .setProducerId(-1)
                        .setProducerEpoch((short) -1),
                INIT_PRODUCER_ID,
                InitProducerIdResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    note("begins anew: " + error);
                    if (error == Errors.NONE) {
                        if (transaction.isOpen()) {
                            transaction.is(TransactionLedger.Fate.ABORTED);
                        }
                        now(answer.producerId(), answer.producerEpoch());
                        next();
                    } else {
                        Violation.unless(isToBeRepeated(error), () -> name() + " cannot begin: " + error);
                        pause(PAUSE_MS_MAX, this::beginAnew);
                    }
                },
                () -> pause(PAUSE_MS_MAX, this::beginAnew));
    }

    private void now(long newProducerId, short newEpoch) {
        producerId = newProducerId;
        epoch = newEpoch;
        Arrays.fill(sequences, 0);
    }

    private boolean isToBeRepeated(Errors error) {
        // The second is what a producer is told when the coordinator's own log fails.
        return error == Errors.CONCURRENT_TRANSACTIONS || error == Errors.NOT_ENOUGH_REPLICAS || isPassing(error);
    }

    private void next() {
        if (isLast) {
            finished = true;
            return;
        }
        pause(PAUSE_MS_MAX, () -> {
            isLast = world().isSettling();
            transaction = new TransactionLedger.Transaction();
            left = 1 + random().nextInt(4);
            write();
        });
    }

    private void write() {
        if (left-- == 0) {
            boolean commits = isLast || random().nextInt(4) > 0;
            if (commits) {
                transaction.is(TransactionLedger.Fate.PERHAPS_COMMITTED);
            }
            end(commits);
            return;
        }
        int partition = random().nextInt(topic.partitions());
        Value value = new Value(name(), values++);
        world().ledger().partition(topic, partition).sent(value);
        ledger.sent(transaction, value);
        write(partition, value);
    }

    private void write(int partition, Value value) {
        ask(
                request(partition, value),
                PRODUCE,
                ProduceResponseData.class,
                answer -> written(
                        partition,
                        value,
                        answer.responses()
                                .iterator()
                                .next()
                                .partitionResponses()
                                .get(0)),
                () -> pause(PAUSE_MS_MAX, () -> write(partition, value)));
    }

    private ProduceRequestData request(int partition, Value value) {
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE,
                producerId,
                epoch,
                sequences[partition],
                new SimpleRecord(world().time().millis(), null, value.text().getBytes(StandardCharsets.UTF_8)));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setTopicId(topic.id())
                .setPartitionData(
                        List.of(new PartitionProduceData().setIndex(partition).setRecords(records))));
        return new ProduceRequestData()
                .setTransactionalId(name())
                .setAcks((short) -1)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
    }

    private void written(int partition, Value value, PartitionProduceResponse result) {
        Errors error = Errors.forCode(result.errorCode());
        note("is told " + error + " about " + value.text() + " in partition " + partition + "@" + result.baseOffset());
        if (error == Errors.NONE) {
            PartitionLedger there = world().ledger().partition(topic, partition);
            if (result.baseOffset() != ProduceResponse.INVALID_OFFSET) {
                there.acknowledged(result.baseOffset(), value);
                ledger.written(transaction, value, there, result.baseOffset());
            }
            sequences[partition]++;
            write();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, () -> write(partition, value));
        } else {
            failed(error);
        }
    }

    private void end(boolean commits) {
        ask(
                new EndTxnRequestData()
                        .setTransactionalId(name())
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setCommitted(commits),
                END_TXN,
                EndTxnResponseData.class,
                answer -> ended(commits, answer),
                () -> pause(PAUSE_MS_MAX, () -> end(commits)));
    }

    private void ended(boolean commits, EndTxnResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        note((commits ? "commits: " : "aborts: ") + error);
        if (error == Errors.NONE) {
            transaction.is(commits ? TransactionLedger.Fate.COMMITTED : TransactionLedger.Fate.ABORTED);
            now(answer.producerId(), answer.producerEpoch());
            next();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, () -> end(commits));
        } else {
            failed(error);
        }
    }

    /** The coordinator has ended it because it took too long: the epoch is not the producer's any more. */
    private void failed(Errors error) {
        Violation.unless(
                error == Errors.INVALID_PRODUCER_EPOCH
                        || error == Errors.PRODUCER_FENCED
                        || error == Errors.INVALID_TXN_STATE,
                () -> name() + " is told " + error);
        isLast = false;
        beginAnew();
    }
}
