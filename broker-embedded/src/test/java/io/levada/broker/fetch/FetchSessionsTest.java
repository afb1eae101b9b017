/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.FetchSessionTopicIdException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
    private static final short BY_ID = 13;
    private static final short BY_NAME = 12;
    private static final Uuid TOPIC_ID = new Uuid(7, 7);
    private static final FetchMetadata NEW = FetchMetadata.INITIAL;
    private final ManualClock clock = new ManualClock();
    private final FetchSessions sessions = new FetchSessions(2, clock);

    @Test
    void firstAnswerTellsAllAndNamesTheSession() {
        FetchResponse answer = answer(sessions.begin(request(NEW, 0, 1)), Map.of(0, empty(0, 5), 1, empty(1, 6)));
        assertThat(answer.sessionId()).isPositive();
        assertThat(told(answer)).containsExactly(0, 1);
    }

    @Test
    void whoWantsNoSessionGetsNone() {
        FetchResponse answer = answer(sessions.begin(request(FetchMetadata.LEGACY, 0)), Map.of(0, empty(0, 5)));
        assertThat(answer.sessionId()).isZero();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void laterAnswersTellWhatHasChanged() {
        int id = open(0, 1, 2);
        FetchTurn turn = sessions.begin(request(new FetchMetadata(id, 1)));
        assertThat(turn.asked()).extracting(asked -> asked.wanted().partition()).containsExactly(0, 1, 2);
        FetchResponse answer = answer(turn, Map.of(0, empty(0, 5), 1, records(1, 9), 2, empty(2, 8)));
        assertThat(told(answer)).containsExactly(1, 2);
        assertThat(answer.sessionId()).isEqualTo(id);
    }

    @Test
    void whoGotRecordsGoesToTheEnd() {
        int id = open(0, 1, 2);
        answer(
                sessions.begin(request(new FetchMetadata(id, 1))),
                Map.of(0, records(0, 5), 1, empty(1, 5), 2, records(2, 5)));
        assertThat(sessions.begin(request(new FetchMetadata(id, 2))).asked())
                .extracting(asked -> asked.wanted().partition())
                .containsExactly(1, 0, 2);
    }

    @Test
    void partitionsAreAddedChangedAndForgotten() {
        int id = open(0, 1);
        FetchTurn turn =
                sessions.begin(request(BY_ID, new FetchMetadata(id, 1), Map.of(1, 42L, 2, 43L), List.of(partition(0))));
        assertThat(turn.asked())
                .extracting(asked ->
                        asked.wanted().partition() + "@" + asked.wanted().fetchOffset())
                .containsExactly("1@42", "2@43");
        // The added one is told even though nothing is in it.
        assertThat(told(answer(turn, Map.of(1, empty(1, 5), 2, empty(2, 0))))).containsExactly(2);
    }

    @Test
    void anErrorIsToldEachTimeAndItsEndToo() {
        int id = open(0);
        PartitionData failed = new PartitionData()
                .setPartitionIndex(0)
                .setErrorCode(Errors.KAFKA_STORAGE_ERROR.code())
                .setHighWatermark(-1);
        for (int epoch = 1; epoch < 4; epoch++) {
            FetchTurn turn = sessions.begin(request(new FetchMetadata(id, epoch)));
            assertThat(told(answer(turn, Map.of(0, failed)))).containsExactly(0);
        }
        FetchTurn turn = sessions.begin(request(new FetchMetadata(id, 4)));
        assertThat(told(answer(turn, Map.of(0, empty(0, 5))))).containsExactly(0);
    }

    @Test
    void epochsMustFollowEachOther() {
        int id = open(0);
        sessions.begin(request(new FetchMetadata(id, 1)));
        assertThatThrownBy(() -> sessions.begin(request(new FetchMetadata(id, 1))))
                .isInstanceOf(InvalidFetchSessionEpochException.class);
        assertThatThrownBy(() -> sessions.begin(request(new FetchMetadata(id, 3))))
                .isInstanceOf(InvalidFetchSessionEpochException.class);
        assertThat(sessions.begin(request(new FetchMetadata(id, 2))).asked()).hasSize(1);
    }

    @Test
    void aSessionThatIsNotThereIsTold() {
        assertThatThrownBy(() -> sessions.begin(request(new FetchMetadata(12345, 1))))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
    }

    @Test
    void aSessionStaysWithIdsOrWithNames() {
        int id = open(0);
        assertThatThrownBy(() -> sessions.begin(request(BY_NAME, new FetchMetadata(id, 1), Map.of(1, 0L), List.of())))
                .isInstanceOf(FetchSessionTopicIdException.class);
    }

    @Test
    void lastRequestClosesTheSession() {
        int id = open(0);
        FetchTurn goodbye = sessions.begin(request(new FetchMetadata(id, FetchMetadata.FINAL_EPOCH)));
        assertThat(answer(goodbye, Map.of()).sessionId()).isZero();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void aNewSessionReplacesTheClientsOldOne() {
        int id = open(0);
        answer(sessions.begin(request(new FetchMetadata(id, FetchMetadata.INITIAL_EPOCH), 0)), Map.of(0, empty(0, 5)));
        assertThat(sessions.size()).isEqualTo(1);
        assertThatThrownBy(() -> sessions.begin(request(new FetchMetadata(id, 1))))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
    }

    @Test
    void aSessionWithNothingLeftIsClosed() {
        int id = open(0);
        FetchTurn turn = sessions.begin(request(BY_ID, new FetchMetadata(id, 1), Map.of(), List.of(partition(0))));
        assertThat(turn.asked()).isEmpty();
        assertThat(answer(turn, Map.of()).sessionId()).isZero();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void whereThereIsNoRoomTheClientNamesAllEachTime() {
        open(0);
        open(0);
        FetchResponse answer = answer(sessions.begin(request(NEW, 0)), Map.of(0, empty(0, 5)));
        assertThat(answer.sessionId()).isZero();
        assertThat(told(answer)).containsExactly(0);
    }

    @Test
    void oneThatIsNotUsedGivesWay() {
        int unused = open(0);
        int used = open(0);
        clock.advance(Duration.ofMinutes(3));
        sessions.begin(request(new FetchMetadata(used, 1)));
        int another = open(0);
        assertThat(another).isPositive();
        assertThatThrownBy(() -> sessions.begin(request(new FetchMetadata(unused, 1))))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
    }

    @Test
    void aSmallOneGivesWayToALargerOne() {
        int small = open(0);
        int large = open(0, 1, 2);
        clock.advance(Duration.ofMinutes(3));
        sessions.begin(request(new FetchMetadata(small, 1)));
        sessions.begin(request(new FetchMetadata(large, 1)));
        assertThat(answer(sessions.begin(request(NEW, 0)), Map.of(0, empty(0, 5)))
                        .sessionId())
                .isZero();
        assertThat(open(0, 1)).isPositive();
        assertThatThrownBy(() -> sessions.begin(request(new FetchMetadata(small, 2))))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
    }

    /** A client that keeps what it is told knows, after each answer, what the broker has. */
    @Property
    void clientAlwaysKnowsWhatTheBrokerHas(@ForAll @Size(max = 40) List<@IntRange(max = 199) Integer> changes) {
        FetchSessions all = new FetchSessions(10, clock);
        long[] highWatermarks = new long[5];
        Map<Integer, Long> known = new TreeMap<>();
        FetchMetadata metadata = NEW;
        for (int change : changes) {
            highWatermarks[change % 5] += change / 5 % 3;
            FetchRequest request = metadata.isFull() ? request(metadata, 0, 1, 2, 3, 4) : request(metadata);
            FetchTurn turn = all.begin(request);
            Map<Integer, PartitionData> found = new LinkedHashMap<>();
            turn.asked()
                    .forEach(asked -> found.put(
                            asked.wanted().partition(),
                            empty(
                                    asked.wanted().partition(),
                                    highWatermarks[asked.wanted().partition()])));
            FetchResponse answer = answer(turn, found);
            answer.data()
                    .responses()
                    .forEach(topic ->
                            topic.partitions().forEach(data -> known.put(data.partitionIndex(), data.highWatermark())));
            for (int partition = 0; partition < 5; partition++) {
                assertThat(known.get(partition)).isEqualTo(highWatermarks[partition]);
            }
            metadata = metadata.isFull() ? new FetchMetadata(answer.sessionId(), 1) : metadata.nextIncremental();
        }
    }

    private int open(int... partitions) {
        Map<Integer, PartitionData> found = new LinkedHashMap<>();
        for (int partition : partitions) {
            found.put(partition, empty(partition, 5));
        }
        return answer(sessions.begin(request(NEW, partitions)), found).sessionId();
    }

    private static FetchResponse answer(FetchTurn turn, Map<Integer, PartitionData> found) {
        return turn.answer(turn.asked().stream()
                .map(asked -> found.get(asked.wanted().partition()))
                .toList());
    }

    private static List<Integer> told(FetchResponse answer) {
        List<Integer> partitions = new ArrayList<>();
        answer.data()
                .responses()
                .forEach(topic -> topic.partitions().forEach(data -> partitions.add(data.partitionIndex())));
        return partitions;
    }

    private static FetchRequest request(FetchMetadata metadata, int... partitions) {
        Map<Integer, Long> offsets = new LinkedHashMap<>();
        for (int partition : partitions) {
            offsets.put(partition, 0L);
        }
        return request(BY_ID, metadata, offsets, List.of());
    }

    private static FetchRequest request(
            short version, FetchMetadata metadata, Map<Integer, Long> offsets, List<TopicIdPartition> forgotten) {
        Map<TopicPartition, FetchRequest.PartitionData> wanted = new LinkedHashMap<>();
        new TreeMap<>(offsets)
                .forEach((partition, offset) -> wanted.put(
                        new TopicPartition("t", partition),
                        new FetchRequest.PartitionData(TOPIC_ID, offset, -1, 1000, Optional.empty())));
        return FetchRequest.Builder.forConsumer(version, 500, 1, wanted)
                .metadata(metadata)
                .removed(forgotten)
                .build(version);
    }

    private static TopicIdPartition partition(int partition) {
        return new TopicIdPartition(TOPIC_ID, partition, "t");
    }

    private static PartitionData empty(int partition, long highWatermark) {
        return new PartitionData()
                .setPartitionIndex(partition)
                .setHighWatermark(highWatermark)
                .setLogStartOffset(0)
                .setRecords(MemoryRecords.EMPTY);
    }

    private static PartitionData records(int partition, long highWatermark) {
        return empty(partition, highWatermark)
                .setRecords(MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[] {1})));
    }
}
