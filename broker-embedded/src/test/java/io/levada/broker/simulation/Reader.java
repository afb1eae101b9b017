/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/** Reads all partitions of a topic from the beginning, at either isolation, and starts over when it has been at the end for a while. */
final class Reader extends Client {
    private static final int FETCH = 17;
    private static final int LIST_OFFSETS = 10;
    private static final int BYTES_MAX = 3_000;
    private static final long PAUSE_MS_MAX = 100;
    /** Shorter than tombstones stay, all in all. */
    private static final long KEYED_PAUSE_MS_MAX = 20;

    private static final int STARTS_OVER_ONE_IN = 200;
    private static final int KEYED_STARTS_OVER_ONE_IN = 5;
    private final KnownTopic topic;
    private final IsolationLevel isolation;
    private final long[] positions;
    /** Where partitions begin that were found to begin later than they were read from. */
    private final long[] beginnings;

    private KeyLedger.Pass pass;
    private boolean waiting;
    /** Whether nothing is left that was to go by now. */
    private boolean hasPassed;

    private boolean lastRound;
    private boolean finished;

    Reader(World world, String name, KnownTopic topic, IsolationLevel isolation) {
        super(world, name, true);
        this.topic = topic;
        this.isolation = isolation;
        this.positions = new long[topic.partitions()];
        this.beginnings = new long[topic.partitions()];
        this.pass = world.ledger().keys().begin(world.time().millis());
    }

    @Override
    void begin() {
        fetch();
    }

    /** Whether it has read all that there is, from the beginning, since nobody writes any more. */
    @Override
    boolean isDone() {
        return finished && !waiting;
    }

    private void fetch() {
        if (world().isQuiet() && !lastRound) {
            lastRound = true;
            startOver();
        }
        for (int partition = 0; partition < positions.length; partition++) {
            positions[partition] = Math.max(positions[partition], beginnings[partition]);
        }
        List<PartitionLedger.Bounds> before = IntStream.range(0, positions.length)
                .mapToObj(partition -> ledger(partition).bounds())
                .toList();
        waiting = true;
        ask(request(), FETCH, FetchResponseData.class, answer -> fetched(answer, before), this::lost);
    }

    private void startOver() {
        Arrays.fill(positions, 0);
        pass = world().ledger().keys().begin(world().time().millis());
    }

    private void lost() {
        waiting = false;
        pause(PAUSE_MS_MAX, this::fetch);
    }

    private FetchRequestData request() {
        List<FetchPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < positions.length; partition++) {
            partitions.add(new FetchPartition()
                    .setPartition(partition)
                    .setFetchOffset(positions[partition])
                    .setPartitionMaxBytes(1 + random().nextInt(BYTES_MAX)));
        }
        return new FetchRequestData()
                .setMaxWaitMs(random().nextInt(400))
                .setMinBytes(random().nextInt(300))
                .setMaxBytes(2 * BYTES_MAX)
                .setIsolationLevel(isolation.id())
                .setTopics(List.of(new FetchTopic().setTopicId(topic.id()).setPartitions(partitions)));
    }

    private void fetched(FetchResponseData answer, List<PartitionLedger.Bounds> before) {
        waiting = false;
        Errors error = Errors.forCode(answer.errorCode());
        Violation.unless(error == Errors.NONE, () -> name() + " cannot fetch: " + error);
        boolean atTheEnd = true;
        boolean allIsEnded = true;
        boolean isEmpty = true;
        boolean failed = false;
        hasPassed = true;
        for (PartitionData data : answer.responses().get(0).partitions()) {
            atTheEnd &= fetched(data, before.get(data.partitionIndex()));
            // Transactions may be ended and their markers not yet written.
            allIsEnded &= positions[data.partitionIndex()] >= data.highWatermark();
            isEmpty &= FetchResponse.recordsSize(data) == 0;
            failed |= data.errorCode() != Errors.NONE.code();
        }
        // Compaction may have taken all that is there before an open transaction.
        boolean mayBeEmpty = atTheEnd || failed || (topic.compacted() && isolation == IsolationLevel.READ_COMMITTED);
        Violation.unless(
                mayBeEmpty || !isEmpty,
                () -> name() + " at " + Arrays.toString(positions) + " got nothing though there is something to read: "
                        + answer);
        if (topic.compacted() && atTheEnd && allIsEnded) {
            pass.ended(world().time().millis());
        }
        if (atTheEnd && allIsEnded && lastRound && hasPassed) {
            finished = true;
            return;
        }
        if (atTheEnd && random().nextInt(topic.compacted() ? KEYED_STARTS_OVER_ONE_IN : STARTS_OVER_ONE_IN) == 0) {
            startOver();
        }
        pause(topic.compacted() ? KEYED_PAUSE_MS_MAX : PAUSE_MS_MAX, this::fetch);
    }

    /** Whether the end was reached. */
    private boolean fetched(PartitionData data, PartitionLedger.Bounds before) {
        int partition = data.partitionIndex();
        PartitionLedger ledger = ledger(partition);
        Errors error = Errors.forCode(data.errorCode());
        if (error == Errors.OFFSET_OUT_OF_RANGE) {
            Violation.unless(
                    ledger.mayHaveBegunAfter(positions[partition]),
                    () -> name() + " is told that " + ledger + "@" + positions[partition] + " is out of range");
            findBeginning(partition);
            return false;
        }
        if (error != Errors.NONE) {
            Violation.unless(isPassing(error), () -> name() + " cannot read " + ledger + ": " + error);
            return false;
        }
        ledger.bounds(data.logStartOffset(), data.highWatermark(), data.lastStableOffset(), before);
        long end = isolation == IsolationLevel.READ_COMMITTED ? data.lastStableOffset() : data.highWatermark();
        take(partition, ledger, data);
        hasPassed &= ledger.hasPassed(data.logStartOffset(), data.highWatermark());
        return positions[partition] >= end;
    }

    private void take(int partition, PartitionLedger ledger, PartitionData data) {
        long from = positions[partition];
        Set<Long> seen = new HashSet<>();
        boolean isTold = world().mutation() != Mutation.ABORTS_NOT_TOLD;
        AbortedBatches aborted = new AbortedBatches(isTold ? data.abortedTransactions() : null);
        for (RecordBatch batch : FetchResponse.recordsOrFail(data).batches()) {
            batch.ensureValid();
            Violation.unless(
                    (batch.baseOffset() <= positions[partition] || topic.compacted())
                            && batch.lastOffset() >= positions[partition],
                    () -> name() + " asked for " + ledger + "@" + positions[partition] + " and got "
                            + batch.baseOffset() + ".." + batch.lastOffset());
            Violation.unless(
                    batch.lastOffset() < data.highWatermark(),
                    () -> name() + " got " + ledger + "@" + batch.lastOffset() + " above the high watermark "
                            + data.highWatermark());
            ledger.sawBatch(batch.baseOffset(), batch.nextOffset(), batch.sizeInBytes());
            boolean counts = aborted.counts(batch);
            for (Record record : batch) {
                seen.add(record.offset());
                if (counts) {
                    read(ledger, record);
                }
            }
            if (batch.baseOffset() > positions[partition]) {
                world().ledger().sawGap();
            }
            positions[partition] = batch.nextOffset();
        }
        ledger.sawAll(from, positions[partition], seen);
        if (positions[partition] > from) {
            note("read " + ledger + " from " + from + " to " + positions[partition]);
        }
    }

    private void read(PartitionLedger ledger, Record record) {
        String text = text(record.headers().length > 0 ? ByteBuffer.wrap(record.headers()[0].value()) : record.value());
        ledger.read(record.offset(), text);
        if (topic.compacted()) {
            pass.saw(text(record.key()), text, record.hasValue());
        }
        if (isolation == IsolationLevel.READ_COMMITTED) {
            world().ledger().readCommitted(text, lastRound);
        }
    }

    private static String text(ByteBuffer buffer) {
        return StandardCharsets.UTF_8.decode(buffer.duplicate()).toString();
    }

    private void findBeginning(int partition) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setIsolationLevel(isolation.id())
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(partition)
                                .setTimestamp(ListOffsetsRequest.EARLIEST_TIMESTAMP)))));
        ask(
                request,
                LIST_OFFSETS,
                ListOffsetsResponseData.class,
                answer -> {
                    ListOffsetsPartitionResponse found =
                            answer.topics().get(0).partitions().get(0);
                    if (found.errorCode() == Errors.NONE.code()) {
                        beginnings[partition] = Math.max(beginnings[partition], found.offset());
                    }
                },
                () -> {});
    }

    private PartitionLedger ledger(int partition) {
        return world().ledger().partition(topic, partition);
    }
}
