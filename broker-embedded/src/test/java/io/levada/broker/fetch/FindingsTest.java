/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fetch reads, and what a wake-up reads again. */
class FindingsTest {
    private static final short VERSION = 17;
    private static final int PARTITIONS = 3;
    private static final BitSet NOTHING = new BitSet();

    @TempDir
    Path dir;

    private LogDirectory logs;
    private Topics topics;
    private Topic topic;

    @BeforeEach
    void open() {
        logs = LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
        topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
        topic = topics.create(new NewTopic("orders", PARTITIONS, Map.of()), false)
                .join();
    }

    @AfterEach
    void close() throws Exception {
        logs.close();
    }

    @Test
    void aWakeUpReadsWhatHasMovedAndNothingElse() {
        Findings findings = findings(1_000_000, 1_000_000);
        findings.read(NOTHING);
        List<PartitionData> before = findings.all();
        append(1, "a");
        assertThat(findings.moved()).isEqualTo(only(1));
        findings.read(findings.moved());
        assertThat(findings.all().get(0)).isSameAs(before.get(0));
        assertThat(findings.all().get(2)).isSameAs(before.get(2));
        assertThat(FetchResponse.recordsSize(findings.all().get(1))).isPositive();
        assertThat(findings.bytes())
                .isEqualTo(FetchResponse.recordsSize(findings.all().get(1)));
        assertThat(findings.moved()).isEqualTo(NOTHING);
    }

    /** Slices of files are not kept while waiting: a segment may be deleted meanwhile. */
    @Test
    void whereThereWereRecordsIsReadAgain() {
        append(0, "a");
        Findings findings = findings(1_000_000, 1_000_000);
        findings.read(NOTHING);
        PartitionData before = findings.all().get(0);
        findings.read(NOTHING);
        assertThat(findings.all().get(0)).isNotSameAs(before);
        assertThat(FetchResponse.recordsSize(findings.all().get(0))).isEqualTo(FetchResponse.recordsSize(before));
    }

    @Test
    void bytesAreGivenInTheOrderOfTheRequest() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            append(partition, "x".repeat(1000));
        }
        Findings findings = findings(1_500, 1_000_000);
        findings.read(NOTHING);
        assertThat(findings.all())
                .extracting(data -> FetchResponse.recordsSize(data) > 0)
                .containsExactly(true, false, false);
    }

    @Test
    void aBatchLargerThanTheLimitsComesIfItIsTheFirst() {
        append(0, "x".repeat(1000));
        append(1, "x".repeat(1000));
        Findings findings = findings(1_000_000, 10);
        findings.read(NOTHING);
        assertThat(findings.all())
                .extracting(data -> FetchResponse.recordsSize(data) > 0)
                .containsExactly(true, false, false);
    }

    @Test
    void aTopicThatWasDeletedHasMoved() {
        Findings findings = findings(1_000_000, 1_000_000);
        findings.read(NOTHING);
        topics.delete("orders").join();
        findings.read(findings.moved());
        assertThat(findings.failed()).isTrue();
        assertThat(findings.all()).extracting(PartitionData::errorCode).containsOnly(Errors.UNKNOWN_TOPIC_ID.code());
    }

    private void append(int partition, String value) {
        PartitionLog log = topics.log(new TopicPartition("orders", partition)).orElseThrow();
        long next = log.append(MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(value.getBytes(StandardCharsets.UTF_8))))
                .nextOffset();
        log.durable(next).join();
    }

    private static BitSet only(int partition) {
        BitSet set = new BitSet();
        set.set(partition);
        return set;
    }

    private Findings findings(int bytesMax, int partitionBytesMax) {
        Map<TopicPartition, FetchRequest.PartitionData> wanted = new LinkedHashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            wanted.put(
                    new TopicPartition("orders", partition),
                    new FetchRequest.PartitionData(topic.id(), 0, -1, partitionBytesMax, Optional.empty()));
        }
        FetchRequest request = FetchRequest.Builder.forConsumer(VERSION, 500, 1, wanted)
                .setMaxBytes(bytesMax)
                .build(VERSION);
        return new Findings(
                new ArrayList<>(Asked.in(request)),
                request,
                Integer.MAX_VALUE,
                new FetchReader(topics),
                Callers.anyone());
    }
}
