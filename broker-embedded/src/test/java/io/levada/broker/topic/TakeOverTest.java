/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.takeover.ClusterMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders of a Kafka node become topics with the settings of its metadata log; what that does not tell is kept for ever. */
@Timeout(600)
class TakeOverTest {
    private static final TopicDefaults DEFAULTS = new TopicDefaults(1, 100, Map.of());
    private static final byte TOPIC_RESOURCE = 2;
    private static final byte BROKER_RESOURCE = 4;

    @TempDir
    Path dir;

    private final Uuid orders = Uuid.randomUuid();
    private final Uuid events = Uuid.randomUuid();

    @Test
    void topicsHaveTheSettingsOfTheMetadataLog() throws Exception {
        folders("orders", orders, 2);
        folders("events", events, 1);
        metadata(
                0,
                topic("orders", orders),
                partition(orders, 0),
                partition(orders, 1),
                config(TOPIC_RESOURCE, "orders", "cleanup.policy", "compact"),
                config(TOPIC_RESOURCE, "orders", "segment.bytes", "1048576"),
                topic("events", events),
                partition(events, 0),
                config(TOPIC_RESOURCE, "events", "retention.ms", "1"),
                config(TOPIC_RESOURCE, "events", "retention.ms", "86400000"),
                config(TOPIC_RESOURCE, "events", "retention.bytes", "5"),
                config(TOPIC_RESOURCE, "events", "retention.bytes", null));
        Map<String, Topic> taken = takenOver();
        assertThat(topic(taken, "orders"))
                .isEqualTo(new Topic(
                        "orders", orders, 2, Map.of("cleanup.policy", "compact", "segment.bytes", "1048576")));
        assertThat(topic(taken, "events"))
                .isEqualTo(new Topic("events", events, 1, Map.of("retention.ms", "86400000")));
    }

    @Test
    void whereRetentionIsNotToldItIsForEver() throws Exception {
        folders("orders", orders, 1);
        metadata(0, topic("orders", orders), partition(orders, 0));
        assertThat(topic(takenOver(), "orders").configs()).containsOnly(Map.entry("retention.ms", "-1"));
    }

    @Test
    void whatKafkasBrokersWereToldWhileTheyRanCounts() throws Exception {
        folders("orders", orders, 1);
        metadata(
                0,
                topic("orders", orders),
                partition(orders, 0),
                config(BROKER_RESOURCE, "", "log.retention.ms", "7200000"),
                config(BROKER_RESOURCE, "", "log.cleanup.policy", "compact,delete"),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "3600000"));
        assertThat(topic(takenOver(), "orders").configs())
                .containsOnly(Map.entry("retention.ms", "3600000"), Map.entry("cleanup.policy", "compact,delete"));
    }

    @Test
    void theNewestWholeSnapshotCountsAndTheLogAfterIt() throws Exception {
        folders("orders", orders, 1);
        snapshot(
                3,
                topic("orders", orders),
                partition(orders, 0),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "1000"));
        snapshot(
                5,
                topic("orders", orders),
                partition(orders, 0),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "2000"));
        Path damaged = snapshot(9, topic("orders", orders), config(TOPIC_RESOURCE, "orders", "retention.ms", "3000"));
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length - 1] ^= 1;
        Files.write(damaged, bytes);
        metadata(
                4,
                config(TOPIC_RESOURCE, "orders", "retention.ms", "0"),
                config(TOPIC_RESOURCE, "orders", "segment.ms", "77"));
        assertThat(topic(takenOver(), "orders").configs())
                .containsOnly(Map.entry("retention.ms", "2000"), Map.entry("segment.ms", "77"));
    }

    @Test
    void aTransactionOfTheControllerCountsOnceItHasEnded() throws Exception {
        folders("orders", orders, 1);
        metadata(
                0,
                topic("orders", orders),
                partition(orders, 0),
                marker(23),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "1000"),
                marker(24),
                marker(23),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "2000"),
                marker(25));
        assertThat(topic(takenOver(), "orders").configs()).containsOnly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void theNextProducerIdOfKafkaIsKnown() throws Exception {
        metadata(0, topic("orders", Uuid.randomUuid()));
        assertThat(ClusterMetadata.read(dir).orElseThrow().nextProducerId()).isZero();
        metadata(1, producerIds(1000), producerIds(7000));
        assertThat(ClusterMetadata.read(dir).orElseThrow().nextProducerId()).isEqualTo(7000);
    }

    private static byte[] producerIds(long next) {
        return value(15, out -> {
            out.writeInt(1);
            out.writeLong(12);
            out.writeLong(next);
            out.writeUnsignedVarint(0);
        });
    }

    @Test
    void aTopicThatKafkaHadDeletedIsPutAside() throws Exception {
        folders("orders", orders, 1);
        folders("events", events, 1);
        metadata(
                0,
                topic("orders", orders),
                partition(orders, 0),
                topic("events", events),
                partition(events, 0),
                removed(orders));
        assertThat(takenOver()).containsOnlyKeys("events");
        assertThat(dir.resolve("orders-0")).doesNotExist();
        try (var all = Files.list(dir)) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("orders-0.") && name.endsWith("-stray"));
        }
    }

    @Test
    void partitionsThatWereOnOtherNodesAreOffline() throws Exception {
        folders("orders", orders, 1);
        metadata(0, topic("orders", orders), partition(orders, 0), partition(orders, 1));
        try (LogDirectory logs = open()) {
            Topics topics = topics(logs);
            assertThat(topics.catalog().find("orders").orElseThrow().partitions())
                    .isEqualTo(2);
            assertThat(topics.log(new TopicPartition("orders", 0))).isPresent();
            assertThat(topics.offline(new TopicPartition("orders", 1))).isPresent();
        }
    }

    @Test
    void settingsThatCannotBeHonouredKeepNoTopicFromBeingServed() throws Exception {
        folders("orders", orders, 1);
        metadata(
                0,
                topic("orders", orders),
                partition(orders, 0),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "1000"),
                config(TOPIC_RESOURCE, "orders", "of.a.later.kafka", "x"),
                config(TOPIC_RESOURCE, "orders", "segment.bytes", "rubbish"));
        assertThat(topic(takenOver(), "orders").configs()).containsOnly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void whatCannotBeReadIsKeptForEver() throws Exception {
        folders("orders", orders, 1);
        folders("__consumer_offsets", events, 1);
        metadata(7, config(TOPIC_RESOURCE, "orders", "retention.ms", "1000")); // its beginning is missing
        Map<String, Topic> taken = takenOver();
        assertThat(topic(taken, "orders").configs())
                .containsEntry("retention.ms", "-1")
                .containsEntry("retention.bytes", "-1");
        assertThat(topic(taken, "orders").id()).isEqualTo(orders);
        assertThat(topic(taken, "__consumer_offsets").configs()).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void rubbishInTheMetadataLogKeepsNobodyFromStarting() throws Exception {
        folders("orders", orders, 1);
        Path folder = Files.createDirectories(dir.resolve("__cluster_metadata-0"));
        Files.write(folder.resolve("00000000000000000000.log"), new byte[500]);
        Files.writeString(folder.resolve("00000000000000000005-0000000001.checkpoint"), "rubbish");
        assertThat(topic(takenOver(), "orders").configs()).containsEntry("retention.ms", "-1");
    }

    @Test
    void aTakeOverThatWasKilledGoesOnAtTheNextStart() throws Exception {
        folders("events", events, 1);
        folders("orders", orders, 1);
        metadata(
                0,
                topic("orders", orders),
                partition(orders, 0),
                config(TOPIC_RESOURCE, "orders", "retention.ms", "1000"),
                topic("events", events),
                partition(events, 0),
                config(TOPIC_RESOURCE, "events", "retention.ms", "2000"));
        Map<String, Topic> whole = takenOver();
        // As a kill between the two topics leaves it, with and without a metadata log that can be read.
        Files.delete(dir.resolve("orders.topic"));
        new TopicStore(dir).beginTakeOver();
        assertThat(takenOver()).isEqualTo(whole);
        Files.delete(dir.resolve("orders.topic"));
        new TopicStore(dir).beginTakeOver();
        Files.delete(dir.resolve("__cluster_metadata-0/00000000000000000000.log"));
        Files.write(dir.resolve("__cluster_metadata-0/00000000000000000000.log"), new byte[99]);
        assertThat(topic(takenOver(), "orders").configs()).containsEntry("retention.ms", "-1");
        assertThat(topic(takenOver(), "events")).isEqualTo(topic(whole, "events"));
        assertThat(dir.resolve("take-over")).doesNotExist();
    }

    @Test
    void aTopicThatKafkaMadeLaterIsTakenOverToo() throws Exception {
        folders("orders", orders, 1);
        metadata(0, topic("orders", orders), partition(orders, 0));
        assertThat(takenOver()).containsOnlyKeys("orders");
        folders("events", events, 1);
        metadata(
                2,
                topic("events", events),
                partition(events, 0),
                config(TOPIC_RESOURCE, "events", "retention.ms", "9000"));
        assertThat(topic(takenOver(), "events").configs()).containsOnly(Map.entry("retention.ms", "9000"));
    }

    /** Kafka forgets up to where it compacted when the policy changes. */
    @Test
    void jumpsThatKafkasCompactionLeftAreNoDamage() throws Exception {
        LogConfig small = LogConfig.from(Map.of("segment.bytes", "1024"));
        TopicPartition partition = new TopicPartition("orders", 0);
        try (LogDirectory logs = LogDirectory.open(dir, small, FlushPolicy.OS, InstantSource.system())) {
            PartitionLog log = logs.create(partition, orders, small);
            for (int i = 0; i < 40; i++) {
                log.append(MemoryRecords.withRecords(
                        Compression.NONE, new SimpleRecord(System.currentTimeMillis(), new byte[100])));
            }
        }
        metadata(0, topic("orders", orders), partition(orders, 0));
        try (Stream<Path> all = Files.list(dir.resolve("orders-0"))) {
            Files.delete(all.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()
                    .get(2));
        }
        for (int start = 0; start < 3; start++) {
            try (LogDirectory logs = open()) {
                assertThat(topics(logs).log(partition)).as("start %d", start).isPresent();
            }
        }
    }

    private Map<String, Topic> takenOver() {
        try (LogDirectory logs = open()) {
            Map<String, Topic> all = new TreeMap<>();
            topics(logs).catalog().all().forEach(topic -> all.put(topic.name(), topic));
            return all;
        }
    }

    private static Topic topic(Map<String, Topic> all, String name) {
        return Objects.requireNonNull(all.get(name));
    }

    private LogDirectory open() {
        return LogDirectory.open(
                dir,
                new SettingsOnDisk(dir, LogConfig.defaults()),
                LogOptions.of(FlushPolicy.OS),
                InstantSource.system());
    }

    private Topics topics(LogDirectory logs) {
        return new Topics(logs, dir, DEFAULTS, Runnable::run);
    }

    /** Folders as Kafka leaves them, each with a record. */
    private void folders(String name, Uuid id, int partitions) {
        try (LogDirectory logs = LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.OS, InstantSource.system())) {
            for (int partition = 0; partition < partitions; partition++) {
                logs.create(new TopicPartition(name, partition), id, LogConfig.defaults())
                        .append(MemoryRecords.withRecords(
                                Compression.NONE,
                                new SimpleRecord(System.currentTimeMillis(), "kept".getBytes(StandardCharsets.UTF_8))));
            }
        }
    }

    /** Goes on with the metadata log at an offset. */
    private void metadata(long baseOffset, byte[]... values) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("__cluster_metadata-0"));
        Files.write(
                folder.resolve("00000000000000000000.log"),
                batch(baseOffset, values),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private Path snapshot(long endOffset, byte[]... values) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("__cluster_metadata-0"));
        return Files.write(
                folder.resolve(String.format(Locale.ROOT, "%020d-0000000001.checkpoint", endOffset)), batch(0, values));
    }

    private static byte[] batch(long baseOffset, byte[]... values) {
        SimpleRecord[] records = Arrays.stream(values)
                .map(value -> new SimpleRecord(1, null, value))
                .toArray(SimpleRecord[]::new);
        ByteBuffer bytes =
                MemoryRecords.withRecords(baseOffset, Compression.NONE, records).buffer();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static byte[] topic(String name, Uuid id) {
        return value(2, out -> {
            string(out, name);
            out.writeUuid(id);
            out.writeUnsignedVarint(0);
        });
    }

    private static byte[] partition(Uuid topic, int partition) {
        return value(3, out -> {
            out.writeInt(partition);
            out.writeUuid(topic);
            out.writeUnsignedVarint(2);
            out.writeInt(1);
            out.writeUnsignedVarint(0);
        });
    }

    private static byte[] config(byte resource, String of, String key, @Nullable String value) {
        return value(4, out -> {
            out.writeByte(resource);
            string(out, of);
            string(out, key);
            if (value == null) {
                out.writeUnsignedVarint(0);
            } else {
                string(out, value);
            }
            out.writeUnsignedVarint(0);
        });
    }

    private static byte[] removed(Uuid topic) {
        return value(9, out -> {
            out.writeUuid(topic);
            out.writeUnsignedVarint(0);
        });
    }

    private static byte[] marker(int kind) {
        return value(kind, out -> out.writeUnsignedVarint(0));
    }

    private static byte[] value(int kind, Consumer<ByteBufferAccessor> fields) {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        ByteBufferAccessor out = new ByteBufferAccessor(bytes);
        out.writeUnsignedVarint(1);
        out.writeUnsignedVarint(kind);
        out.writeUnsignedVarint(0);
        fields.accept(out);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static void string(ByteBufferAccessor out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeUnsignedVarint(bytes.length + 1);
        out.writeByteArray(bytes);
    }
}
