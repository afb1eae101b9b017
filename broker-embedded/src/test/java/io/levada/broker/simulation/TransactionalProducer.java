/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * Writes transactions over several partitions, one batch at a time, by the second version of the protocol (KIP-890): partitions join by being written to, and
 * each end gives the next epoch. What goes wrong beyond a retry is aborted by beginning anew.
 */
final class TransactionalProducer extends Client {
    private static final long PAUSE_MS_MAX = 40;
    private final KnownTopic topic;
    private final TransactionLedger ledger;
    private final Numbering numbering;
    private TransactionLedger.Transaction transaction = new TransactionLedger.Transaction();
    private long values;
    private int left;
    private boolean isLast;
    private boolean finished;

    TransactionalProducer(World world, int number, KnownTopic topic) {
        // One that another life of it has replaced must not be heard any more; here each has one life.
        super(world, "transactional-" + number, false);
        this.topic = topic;
        this.ledger = world.ledger().transactions();
        this.numbering = new Numbering(name(), topic);
    }

    @Override
    void begin() {
        findCoordinator(1, name(), PAUSE_MS_MAX, this::beginAnew);
    }

    /** Has got a transaction through after nothing went wrong any more. */
    @Override
    boolean isDone() {
        return finished;
    }

    private void beginAnew() {
        ask(
                numbering.begin(),
                Numbering.INIT_PRODUCER_ID,
                InitProducerIdResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    note("begins anew: " + error);
                    if (error == Errors.NONE) {
                        if (transaction.isOpen()) {
                            transaction.is(TransactionLedger.Fate.ABORTED);
                        }
                        numbering.now(answer.producerId(), answer.producerEpoch());
                        next();
                    } else {
                        Violation.unless(isToBeRepeated(error), () -> name() + " cannot begin: " + error);
                        pause(PAUSE_MS_MAX, this::beginAnew);
                    }
                },
                () -> pause(PAUSE_MS_MAX, this::beginAnew));
    }

    private boolean isToBeRepeated(Errors error) {
        return Numbering.isToBeRepeated(error) || isPassing(error);
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
                numbering.write(
                        partition,
                        new SimpleRecord(
                                world().time().millis(), null, value.text().getBytes(StandardCharsets.UTF_8))),
                Numbering.PRODUCE,
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

    private void written(int partition, Value value, PartitionProduceResponse result) {
        Errors error = Errors.forCode(result.errorCode());
        note("is told " + error + " about " + value.text() + " in partition " + partition + "@" + result.baseOffset());
        if (error == Errors.NONE) {
            PartitionLedger there = world().ledger().partition(topic, partition);
            if (result.baseOffset() != ProduceResponse.INVALID_OFFSET) {
                there.acknowledged(result.baseOffset(), value);
                ledger.written(transaction, value, there, result.baseOffset());
            }
            numbering.written(partition);
            write();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, () -> write(partition, value));
        } else {
            failed(error);
        }
    }

    private void end(boolean commits) {
        ask(
                numbering.end(commits),
                Numbering.END_TXN,
                EndTxnResponseData.class,
                answer -> ended(commits, answer),
                () -> pause(PAUSE_MS_MAX, () -> end(commits)));
    }

    private void ended(boolean commits, EndTxnResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        note((commits ? "commits: " : "aborts: ") + error);
        if (error == Errors.NONE) {
            transaction.is(commits ? TransactionLedger.Fate.COMMITTED : TransactionLedger.Fate.ABORTED);
            numbering.now(answer.producerId(), answer.producerEpoch());
            next();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, () -> end(commits));
        } else {
            failed(error);
        }
    }

    /** The coordinator has ended it because it took too long: the epoch is not the producer's any more. */
    private void failed(Errors error) {
        Violation.unless(Numbering.hasTakenTooLong(error), () -> name() + " is told " + error);
        isLast = false;
        beginAnew();
    }
}
