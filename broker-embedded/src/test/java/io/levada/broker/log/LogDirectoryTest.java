/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoryTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    Path dir;

    @Test
    void partitionsAndTheirRecordsAreThereAfterAReopen() {
        Uuid id = Uuid.randomUuid();
        try (LogDirectory directory = open()) {
            PartitionLog log = directory.create(ORDERS, id, LogConfig.defaults());
            Appended first = log.append(records("a", "b"));
            assertThat(first.baseOffset()).isZero();
            assertThat(first.nextOffset()).isEqualTo(2);
        }
        try (LogDirectory directory = open()) {
            PartitionLog log = directory.log(ORDERS).orElseThrow();
            assertThat(log.topicId()).isEqualTo(id);
            assertThat(log.logEndOffset()).isEqualTo(2);
            assertThat(log.read(0, 1000, true).records().records()).hasSize(2);
        }
    }

    private LogDirectory open() {
        return LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
    }

    private static MemoryRecords records(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(values[i].getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(Compression.NONE, records);
    }
}
