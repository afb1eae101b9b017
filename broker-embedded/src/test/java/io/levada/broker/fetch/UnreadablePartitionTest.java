/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.topic.NewTopic;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.TopicDefaults;
import io.levada.broker.topic.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A partition that cannot be read fails alone: a request that also asks for another is answered for that one. */
@Timeout(600)
class UnreadablePartitionTest {
    private static final short FETCH_VERSION = 17;
    private static final short LIST_OFFSETS_VERSION = 7;
    private static final long FIRST_MS = 1_000;

    @TempDir
    Path dir;

    private final ReadableFiles files = new ReadableFiles();
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Partitions.class);
    private LogDirectory logs;
    private Topics topics;
    private Topic topic;

    @BeforeEach
    void twoPartitions() {
        told.start();
        logger.addAppender(told);
        logs = LogDirectory.open(
                dir, LogConfig.defaults(), LogOptions.of(FlushPolicy.OS), InstantSource.system(), files);
        topics = new Topics(logs, dir, new TopicDefaults(1, 100, Map.of()), Runnable::run);
        topic = topics.create(new NewTopic("orders", 2, Map.of("retention.ms", "-1")), false)
                .join();
        append(0);
        append(1);
    }

    @AfterEach
    void close() {
        logger.detachAppender(told);
        topics.delete("orders").join(); // as a file that cannot be read could not be closed in order
        logs.close();
    }

    @Test
    void aFetchIsAnsweredForTheOtherWhereTheDiskRefusesOne() throws IOException {
        files.refuse(dir.resolve("orders-0"));
        List<PartitionData> fetched = fetch();
        assertThat(fetched)
                .extracting(PartitionData::errorCode)
                .containsExactly(Errors.KAFKA_STORAGE_ERROR.code(), Errors.NONE.code());
        assertThat(FetchResponse.recordsSize(fetched.get(1))).isPositive();
        assertThat(told.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getThrowableProxy().getClassName()).endsWith("KafkaStorageException");
            assertThat(line.getKeyValuePairs())
                    .extracting(pair -> pair.key + "=" + pair.value)
                    .containsExactly("topic=orders", "partition=0", "asked=records from offset 0", "times=1");
        });
    }

    /** A client asks again ten times a second. */
    @Test
    void ofEachPartitionOneLineIsToldWhileItCannotBeRead() {
        AtomicLong seconds = new AtomicLong();
        Partitions partitions = new Partitions(topics, () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        TopicPartition first = new TopicPartition("orders", 0);
        fail(partitions, first);
        fail(partitions, first);
        fail(partitions, new TopicPartition("orders", 1));
        assertThat(toldTimes()).containsExactly("orders-0: 1", "orders-1: 1");
        seconds.set(10);
        fail(partitions, first);
        seconds.set(29);
        fail(partitions, first);
        assertThat(toldTimes()).as("after ten seconds, then after twenty").containsExactly("orders-0: 2");
        seconds.set(30);
        fail(partitions, first);
        assertThat(toldTimes()).containsExactly("orders-0: 2");
    }

    @Test
    void aPartitionThatFailsAfterItWasReadIsToldAgain() {
        AtomicLong seconds = new AtomicLong();
        Partitions partitions = new Partitions(topics, () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        TopicPartition first = new TopicPartition("orders", 0);
        for (int hour = 0; hour < 20; hour++) {
            seconds.set(TimeUnit.HOURS.toSeconds(hour));
            fail(partitions, first);
        }
        fail(partitions, first);
        assertThat(toldTimes()).hasSize(20);
        partitions.read(first);
        fail(partitions, first);
        assertThat(toldTimes()).as("a disk that fails every other time").isEmpty();
        seconds.addAndGet(10);
        partitions.read(first);
        fail(partitions, first);
        assertThat(toldTimes()).containsExactly("orders-0: 1");
    }

    private static void fail(Partitions partitions, TopicPartition partition) {
        KafkaStorageException failure = new KafkaStorageException("cannot read", new IOException("the disk"));
        assertThat(partitions.failed(partition, "records", failure).error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    /** What was told since this was last asked: the partition, and how often it had failed. */
    private List<String> toldTimes() {
        List<String> lines = told.list.stream()
                .map(line -> line.getKeyValuePairs())
                .map(pairs -> pairs.get(0).value + "-" + pairs.get(1).value + ": " + pairs.get(3).value)
                .toList();
        told.list.clear();
        return lines;
    }

    @Test
    void offsetsAreListedForTheOtherWhereTheDiskRefusesOne() throws IOException {
        files.refuse(dir.resolve("orders-0"));
        listsTheOther();
    }

    @Test
    void offsetsAreListedForTheOtherWhereABatchDoesNotDecompress() throws IOException {
        Path log = dir.resolve("orders-0").resolve("00000000000000000000.log");
        try (FileChannel damaged = FileChannel.open(log, StandardOpenOption.WRITE)) {
            damaged.write(ByteBuffer.wrap(new byte[20]), 61); // the records come after the batch's header
        }
        listsTheOther();
    }

    private void listsTheOther() {
        List<ListOffsetsPartitionResponse> listed = list(FIRST_MS);
        assertThat(listed)
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(Errors.KAFKA_STORAGE_ERROR.code(), Errors.NONE.code());
        assertThat(listed.get(1).timestamp()).isEqualTo(FIRST_MS);
        assertThat(list(ListOffsetsRequest.MAX_TIMESTAMP))
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(Errors.KAFKA_STORAGE_ERROR.code(), Errors.NONE.code());
        assertThat(list(ListOffsetsRequest.LATEST_TIMESTAMP))
                .extracting(ListOffsetsPartitionResponse::offset)
                .containsExactly(2L, 2L);
    }

    private List<PartitionData> fetch() {
        Map<TopicPartition, FetchRequest.PartitionData> wanted = new LinkedHashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            wanted.put(
                    new TopicPartition("orders", partition),
                    new FetchRequest.PartitionData(topic.id(), 0, -1, 1_000_000, Optional.empty()));
        }
        FetchRequest request =
                FetchRequest.Builder.forConsumer(FETCH_VERSION, 0, 1, wanted).build(FETCH_VERSION);
        FetchReader reader = new FetchReader(topics);
        return Asked.in(request).stream()
                .map(asked -> reader.read(asked, 1_000_000, true, IsolationLevel.READ_UNCOMMITTED, Callers.anyone())
                        .data())
                .toList();
    }

    private List<ListOffsetsPartitionResponse> list(long timestampMs) {
        ListOffsetsTopic asked = new ListOffsetsTopic().setName("orders");
        for (int partition = 0; partition < 2; partition++) {
            asked.partitions()
                    .add(new ListOffsetsPartition().setPartitionIndex(partition).setTimestamp(timestampMs));
        }
        ListOffsetsRequest request = ListOffsetsRequest.Builder.forConsumer(true, IsolationLevel.READ_UNCOMMITTED)
                .setTargetTimes(List.of(asked))
                .build(LIST_OFFSETS_VERSION);
        return new ListOffsetsHandler(topics, Runnable::run)
                .handle(request, Callers.anyone())
                .join()
                .topics()
                .get(0)
                .partitions();
    }

    private void append(int partition) {
        PartitionLog log = topics.log(new TopicPartition("orders", partition)).orElseThrow();
        long next = log.append(MemoryRecords.withRecords(
                        Compression.gzip().build(), record(FIRST_MS, "first"), record(FIRST_MS + 1, "second")))
                .nextOffset();
        log.durable(next).join();
    }

    private static SimpleRecord record(long timestampMs, String value) {
        return new SimpleRecord(timestampMs, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A disk that reads until it is told otherwise. */
    private static final class ReadableFiles implements LogFiles {
        private final Map<Path, FileRecords> opened = new ConcurrentHashMap<>();

        @Override
        public FileRecords open(Path file) throws IOException {
            FileRecords records = LogFiles.super.open(file);
            opened.put(file, records);
            return records;
        }

        /** Reads of what is open there fail from now on. */
        void refuse(Path folder) throws IOException {
            for (Map.Entry<Path, FileRecords> file : opened.entrySet()) {
                if (file.getKey().startsWith(folder)) {
                    file.getValue().channel().close();
                }
            }
        }
    }
}
