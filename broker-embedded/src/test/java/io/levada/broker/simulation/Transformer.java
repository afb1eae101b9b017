/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.simulation.TransactionLedger.Fate;
import io.levada.broker.simulation.TransformLedger.Epoch;
import io.levada.broker.simulation.TransformLedger.Work;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceResponse;

/**
 * Turns inputs into outputs exactly once: goes on where its group's committed offset is, and each transaction holds the outputs of the next inputs and the offset after
 * them. Two of them share a transactional id and take it from one another, so that there is always one who does not know yet that it is fenced.
 */
final class Transformer extends Client {
    private static final int TIMEOUT_MS = 2_000;
    private static final long PAUSE_MS_MAX = 30;
    private static final long FENCED_MS_MAX = 700;
    private final TransactionRequests requests;
    private final TransformLedger ledger;
    private final int[] sequences;
    private final Set<Integer> added = new HashSet<>();
    private Epoch epoch = new Epoch(-1, (short) -1);
    private Work work;
    private long position;
    private boolean isLast;
    private boolean finished;

    /**
     * One of two.
     *
     * @param second whether it speaks the second version of transactions. Only there may what was sent on a connection that was cut still arrive: in the first
     *     it may end up in the next transaction, as KIP-890 says
     */
    Transformer(World world, String id, String name, KnownTopic topic, boolean second) {
        super(world, name, second);
        this.requests = new TransactionRequests(id, topic, second);
        this.ledger = world.ledger().transform(id);
        this.sequences = new int[topic.partitions()];
        this.work = ledger.begins(epoch, 0, 0);
        work.is(Fate.ABORTED);
    }

    /** Looks for both coordinators, which makes their topics. */
    @Override
    void begin() {
        findCoordinator(
                1, requests.id(), PAUSE_MS_MAX, () -> findCoordinator(0, requests.id(), PAUSE_MS_MAX, this::claim));
    }

    /** Has got a transaction through after nothing went wrong any more. */
    @Override
    boolean isDone() {
        return finished;
    }

    /** Takes the transactional id, from whoever has it. */
    private void claim() {
        ask(
                requests.init(TIMEOUT_MS),
                TransactionRequests.INIT_PRODUCER_ID,
                InitProducerIdResponseData.class,
                answer -> {
                    Errors error = Errors.forCode(answer.errorCode());
                    if (error == Errors.NONE) {
                        now(answer.producerId(), answer.producerEpoch());
                        note("claims " + requests.id() + ", epoch " + epoch.epoch());
                        ledger.claimed(epoch);
                        resume();
                    } else {
                        Violation.unless(isToBeRepeated(error), () -> name() + " cannot begin: " + error);
                        pause(PAUSE_MS_MAX, this::claim);
                    }
                },
                () -> pause(PAUSE_MS_MAX, this::claim));
    }

    private void now(long producerId, short newEpoch) {
        epoch = new Epoch(producerId, newEpoch);
        Arrays.fill(sequences, 0);
    }

    private void resume() {
        long atLeast = ledger.known();
        Epoch by = epoch;
        fetchOffset(
                true,
                offset -> {
                    ledger.resumed(by, offset, atLeast);
                    position = offset;
                    next();
                },
                () -> pause(PAUSE_MS_MAX, this::resume),
                () -> pause(PAUSE_MS_MAX, this::resume));
    }

    private void fetchOffset(boolean requireStable, LongConsumer found, Runnable isUnstable, Runnable failed) {
        ask(
                requests.offset(requireStable),
                TransactionRequests.OFFSET_FETCH,
                OffsetFetchResponseData.class,
                answer -> {
                    OffsetFetchResponseGroup group = answer.groups().get(0);
                    Errors error = Errors.forCode(group.errorCode());
                    if (error == Errors.NONE) {
                        error = Errors.forCode(
                                group.topics().get(0).partitions().get(0).errorCode());
                    }
                    note("asks for " + (requireStable ? "the stable" : "its") + " offset: " + error);
                    if (error == Errors.NONE) {
                        long offset = group.topics().get(0).partitions().get(0).committedOffset();
                        found.accept(Math.max(0, offset));
                    } else if (error == Errors.UNSTABLE_OFFSET_COMMIT) {
                        Violation.unless(requireStable, () -> name() + " is told of pending offsets unasked");
                        isUnstable.run();
                    } else {
                        told(error);
                        failed.run();
                    }
                },
                failed);
    }

    private void told(Errors error) {
        Violation.unless(isPassing(error), () -> name() + " cannot read its offset: " + error);
    }

    private void next() {
        if (isLast) {
            finished = true;
            return;
        }
        pause(PAUSE_MS_MAX, () -> {
            isLast = world().isSettling();
            added.clear();
            work = ledger.begins(epoch, position, position + 1 + random().nextInt(3));
            write(work.from());
        });
    }

    private void write(long input) {
        if (input == work.to()) {
            sendOffset();
            return;
        }
        int partition = (int) (input % sequences.length);
        Value value = work.output(input);
        world().ledger().partition(requests.topic(), partition).sent(value);
        world().ledger().transactions().sent(work.transaction(), value);
        if (requests.second() || added.contains(partition)) {
            write(input, partition, value);
        } else {
            addPartition(partition, () -> write(input, partition, value));
        }
    }

    private void addPartition(int partition, Runnable then) {
        ask(
                requests.addPartition(epoch, partition),
                TransactionRequests.ADD_PARTITIONS,
                AddPartitionsToTxnResponseData.class,
                answer -> goOn(
                        "adds partition " + partition,
                        answer.resultsByTopicV3AndBelow()
                                .iterator()
                                .next()
                                .resultsByPartition()
                                .iterator()
                                .next()
                                .partitionErrorCode(),
                        () -> {
                            added.add(partition);
                            then.run();
                        },
                        () -> addPartition(partition, then)),
                () -> pause(PAUSE_MS_MAX, () -> addPartition(partition, then)));
    }

    private void write(long input, int partition, Value value) {
        ask(
                requests.produce(
                        epoch,
                        partition,
                        sequences[partition],
                        value,
                        world().time().millis()),
                requests.produceVersion(),
                ProduceResponseData.class,
                answer -> {
                    PartitionProduceResponse result = answer.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .get(0);
                    goOn(
                            "writes " + value.text() + " to " + partition,
                            result.errorCode(),
                            () -> written(input, partition, value, result.baseOffset()),
                            () -> write(input, partition, value));
                },
                () -> pause(PAUSE_MS_MAX, () -> write(input, partition, value)));
    }

    private void written(long input, int partition, Value value, long offset) {
        PartitionLedger there = world().ledger().partition(requests.topic(), partition);
        if (offset != ProduceResponse.INVALID_OFFSET) {
            there.acknowledged(offset, value);
            world().ledger().transactions().written(work.transaction(), value, there, offset);
        }
        sequences[partition]++;
        write(input + 1);
    }

    private void sendOffset() {
        if (world().mutation() == Mutation.OFFSETS_OUTSIDE) {
            commitOffsetOutside();
        } else if (requests.second()) {
            commitOffset();
        } else {
            ask(
                    requests.addOffsets(epoch),
                    TransactionRequests.ADD_OFFSETS,
                    AddOffsetsToTxnResponseData.class,
                    answer -> goOn("adds offsets", answer.errorCode(), this::commitOffset, this::sendOffset),
                    () -> pause(PAUSE_MS_MAX, this::sendOffset));
        }
    }

    private void commitOffset() {
        ask(
                requests.commitOffset(epoch, work.to()),
                requests.commitOffsetsVersion(),
                TxnOffsetCommitResponseData.class,
                answer -> goOn(
                        "sends offset " + work.to(),
                        answer.topics().get(0).partitions().get(0).errorCode(),
                        this::offsetIsPending,
                        this::commitOffset),
                () -> pause(PAUSE_MS_MAX, this::commitOffset));
    }

    private void commitOffsetOutside() {
        ask(
                requests.commitOffsetOutside(work.to()),
                TransactionRequests.OFFSET_COMMIT,
                OffsetCommitResponseData.class,
                answer -> goOn(
                        "commits offset " + work.to() + " outside",
                        answer.topics().get(0).partitions().get(0).errorCode(),
                        this::decide,
                        this::commitOffsetOutside),
                () -> pause(PAUSE_MS_MAX, this::commitOffsetOutside));
    }

    /** Now and then it looks how that shows, before it goes on. */
    private void offsetIsPending() {
        long atLeast = ledger.known();
        switch (random().nextInt(4)) {
            case 0 ->
                fetchOffset(
                        true,
                        offset -> {
                            ledger.told(offset, atLeast);
                            work.doomed();
                            decide();
                        },
                        this::decide,
                        this::decide);
            case 1 ->
                fetchOffset(
                        false,
                        offset -> {
                            ledger.told(offset, atLeast);
                            decide();
                        },
                        this::decide,
                        this::decide);
            default -> decide();
        }
    }

    private void decide() {
        boolean commits = isLast || random().nextInt(4) > 0;
        if (commits) {
            work.asksToCommit();
        }
        end(commits);
    }

    private void end(boolean commits) {
        ask(
                requests.end(epoch, commits),
                requests.endVersion(),
                EndTxnResponseData.class,
                answer -> goOn(
                        commits ? "commits up to " + work.to() : "aborts",
                        answer.errorCode(),
                        () -> ended(commits, answer),
                        () -> end(commits)),
                () -> pause(PAUSE_MS_MAX, () -> end(commits)));
    }

    private void ended(boolean commits, EndTxnResponseData answer) {
        if (commits) {
            ledger.committed(work);
            position = work.to();
        } else {
            work.is(Fate.ABORTED);
        }
        if (requests.second()) {
            now(answer.producerId(), answer.producerEpoch());
        }
        next();
    }

    private void goOn(String what, short code, Runnable then, Runnable again) {
        Errors error = Errors.forCode(code);
        note(what + ": " + error);
        if (error == Errors.NONE) {
            then.run();
        } else if (isToBeRepeated(error)) {
            pause(PAUSE_MS_MAX, again);
        } else {
            fenced(error);
        }
    }

    private boolean isToBeRepeated(Errors error) {
        return error == Errors.CONCURRENT_TRANSACTIONS || error == Errors.NOT_ENOUGH_REPLICAS || isPassing(error);
    }

    /** The other one has the id now, or the coordinator has ended the transaction because it took too long. */
    private void fenced(Errors error) {
        Violation.unless(
                error == Errors.INVALID_PRODUCER_EPOCH
                        || error == Errors.PRODUCER_FENCED
                        || error == Errors.INVALID_TXN_STATE,
                () -> name() + " is told " + error);
        isLast = false;
        pause(FENCED_MS_MAX, this::claim);
    }
}
