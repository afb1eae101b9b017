/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.coordinator.LoggedRecord;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupRecordsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
    private final Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
    private final Map<String, StoredGroup> groups = new HashMap<>();

    private final GroupRecords.Replay replay = new GroupRecords.Replay() {
        @Override
        public void offset(
                LoggedRecord record, String group, TopicPartition partition, @Nullable CommittedOffset offset) {
            if (offset == null) {
                offsets.remove(partition);
            } else {
                offsets.put(partition, offset);
            }
        }

        @Override
        public void group(String group, @Nullable StoredGroup stored) {
            if (stored == null) {
                groups.remove(group);
            } else {
                groups.put(group, stored);
            }
        }
    };

    @Test
    void offsetsComeBackAsTheyWere() {
        CommittedOffset offset = new CommittedOffset(42, 7, "a note", 1000);
        play(GroupRecords.offset("readers", PARTITION, offset));
        assertThat(offsets).containsEntry(PARTITION, offset);
        play(GroupRecords.offsetRemoved("readers", PARTITION, 2000));
        assertThat(offsets).isEmpty();
    }

    @Test
    void groupsComeBackAsTheyWere() {
        StoredGroup.StoredMember member = new StoredGroup.StoredMember(
                "m-1", "instance", "client", "/127.0.0.1", 300_000, 45_000, new byte[] {1, 2}, new byte[] {3});
        StoredGroup group = new StoredGroup("consumer", 5, "range", "m-1", 1000, List.of(member));
        play(GroupRecords.group("readers", group));
        assertThat(groups.get("readers")).usingRecursiveComparison().isEqualTo(group);
        play(GroupRecords.groupRemoved("readers", 2000));
        assertThat(groups).isEmpty();
    }

    @Test
    void bytesAreThoseOfKafka() {
        SimpleRecord record = GroupRecords.offset("g", new TopicPartition("t", 1), new CommittedOffset(2, -1, "m", 3));
        assertThat(hex(record.key())).isEqualTo("0001" + "000167" + "000174" + "00000001");
        assertThat(hex(record.value()))
                .isEqualTo("0003" + "0000000000000002" + "ffffffff" + "00016d" + "0000000000000003");
    }

    @Test
    void olderAndNewerVersionsAreRead() {
        ByteBuffer key = bytes("0001" + "000167" + "000174" + "00000001");
        TopicPartition partition = new TopicPartition("t", 1);
        play(new SimpleRecord(
                0,
                key.duplicate(),
                bytes("0001" + "0000000000000002" + "00016d" + "0000000000000003" + "0000000000000009")));
        assertThat(offsets).containsEntry(partition, new CommittedOffset(2, -1, "m", 3, 9));
        play(new SimpleRecord(
                0,
                key.duplicate(),
                bytes("0004" + "0000000000000005" + "00000006" + "026d" + "0000000000000007" + "00")));
        assertThat(offsets).containsEntry(partition, new CommittedOffset(5, 6, "m", 7));
    }

    @Test
    void recordsOfOtherGroupProtocolsAreNotUnderstood() {
        assertThatThrownBy(() -> play(new SimpleRecord(0, bytes("0003" + "000167"), bytes("0000"))))
                .hasMessageContaining("type 3");
        assertThat(offsets).isEmpty();
        assertThat(groups).isEmpty();
    }

    @Test
    void anExpiryThatAClientAskedForIsKept() {
        CommittedOffset offset = new CommittedOffset(42, -1, "a note", 1000, 5000);
        play(GroupRecords.offset("readers", PARTITION, offset));
        assertThat(offsets).containsEntry(PARTITION, offset);
    }

    private void play(SimpleRecord record) {
        GroupRecords.replay(
                new LoggedRecord(
                        0,
                        0,
                        record.timestamp(),
                        record.key().duplicate(),
                        record.value() == null ? null : record.value().duplicate(),
                        RecordBatch.NO_PRODUCER_ID,
                        RecordBatch.NO_PRODUCER_EPOCH),
                replay);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
