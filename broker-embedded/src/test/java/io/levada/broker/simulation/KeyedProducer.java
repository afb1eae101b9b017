/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.simulation.KeyLedger.Entry;
import io.levada.broker.simulation.TransactionLedger.Fate;
import io.levada.broker.simulation.TransactionLedger.Transaction;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceResponse;
import org.jspecify.annotations.Nullable;

/** Writes to a compacted topic under a few keys of its own, values and tombstones, one batch at a time, with transactions or without. */
final class KeyedProducer extends Client {
    private static final long PAUSE_MS_MAX = 25;
    private static final int KEYS = 5;
    private final KnownTopic topic;
    private final boolean transactional;
    private final Numbering numbering;
    private @Nullable Transaction transaction;
    private long values;
    private int left;
    private boolean isLast;
    private boolean finished;

    KeyedProducer(World world, String kind, KnownTopic topic) {
        super(world, "keyed-" + kind, false);
        this.topic = topic;
        this.transactional = kind.startsWith("transactional");
        this.numbering = new Numbering(transactional ? name() : null, topic);
    }

    @Override
    void begin() {
        if (!transactional) {
            beginAnew();
            return;
        }
        findCoordinator(1, name(), PAUSE_MS_MAX, this::beginAnew);
    }

    /** Has got something through after nothing went wrong any more. */
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
                        if (transaction != null && transaction.isOpen()) {
                            transaction.is(Fate.ABORTED);
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
            transaction = transactional ? new Transaction() : null;
            left = 1 + random().nextInt(3);
            write();
        });
    }

    private void write() {
        if (left-- == 0) {
            decide();
            return;
        }
        int number = random().nextInt(KEYS);
        String key = name() + "/" + number;
        int partition = number % topic.partitions();
        Value value = new Value(name(), values++);
        long nowMs = world().time().millis();
        world().ledger().partition(topic, partition).sent(value);
        Transaction of = transaction;
        if (of != null) {
            world().ledger().transactions().sent(of, value);
        }
        Entry entry = world().ledger().keys().sent(key, value, random().nextInt(4) == 0, nowMs, of);
        byte[] text = value.text().getBytes(StandardCharsets.UTF_8);
        SimpleRecord record = new SimpleRecord(
                nowMs, key.getBytes(StandardCharsets.UTF_8), entry.isTombstone() ? null : text, new Header[] {
                    new RecordHeader("id", text)
                });
        write(partition, entry, record);
    }

    private void write(int partition, Entry entry, SimpleRecord record) {
        ask(
                numbering.write(partition, record),
                Numbering.PRODUCE,
                ProduceResponseData.class,
                answer -> written(
                        partition,
                        entry,
                        record,
                        answer.responses()
                                .iterator()
                                .next()
                                .partitionResponses()
                                .get(0)),
                () -> pause(PAUSE_MS_MAX, () -> write(partition, entry, record)));
    }

    private void written(int partition, Entry entry, SimpleRecord record, PartitionProduceResponse result) {
        Errors error = Errors.forCode(result.errorCode());
        note("is told " + error + " about " + entry.value().text() + (entry.isTombstone() ? ", a tombstone," : "")
                + " in partition " + partition + "@" + result.baseOffset());
        if (error == Errors.NONE) {
            if (result.baseOffset() != ProduceResponse.INVALID_OFFSET) {
                world().ledger().partition(topic, partition).acknowledged(result.baseOffset(), entry.value());
            }
            entry.acknowledged();
            numbering.written(partition);
            write();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, () -> write(partition, entry, record));
        } else {
            failed(error);
        }
    }

    private void decide() {
        Transaction of = transaction;
        if (of == null) {
            next();
            return;
        }
        boolean commits = isLast || random().nextInt(3) > 0;
        if (commits) {
            of.is(Fate.PERHAPS_COMMITTED);
        }
        end(of, commits);
    }

    private void end(Transaction of, boolean commits) {
        ask(
                numbering.end(commits),
                Numbering.END_TXN,
                EndTxnResponseData.class,
                answer -> ended(of, commits, answer),
                () -> pause(PAUSE_MS_MAX, () -> end(of, commits)));
    }

    private void ended(Transaction of, boolean commits, EndTxnResponseData answer) {
        Errors error = Errors.forCode(answer.errorCode());
        note((commits ? "commits: " : "aborts: ") + error);
        if (error == Errors.NONE) {
            of.is(commits ? Fate.COMMITTED : Fate.ABORTED);
            numbering.now(answer.producerId(), answer.producerEpoch());
            next();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, () -> end(of, commits));
        } else {
            failed(error);
        }
    }

    /** The coordinator has ended the transaction because it took too long. */
    private void failed(Errors error) {
        Violation.unless(transactional && Numbering.hasTakenTooLong(error), () -> name() + " is told " + error);
        isLast = false;
        beginAnew();
    }
}
