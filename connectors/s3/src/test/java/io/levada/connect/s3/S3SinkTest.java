/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SinkHarness;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3SinkTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition OTHERS = new TopicPartition("orders", 1);
    private static final String FOLDER = "topics/orders/partition=0/";
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final S3Server server = S3Server.started();
    private ManualClock clock = new ManualClock();

    @BeforeEach
    void emptyBucket() {
        server.empty();
        clock = new ManualClock();
    }

    @AfterAll
    void stopServer() throws Exception {
        server.stop();
    }

    @Test
    void objectHoldsSoManyRecordsAndIsNamedAfterTheFirst() {
        try (var sink = start(Map.of())) {
            sink.put(records(0, 7));
            assertThat(server.objects())
                    .isEqualTo(Map.of(
                            FOLDER + "orders+0+0000000000.json", "{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n",
                            FOLDER + "orders+0+0000000003.json", "{\"id\":3}\n{\"id\":4}\n{\"id\":5}\n"));
        }
    }

    @Test
    void offsetsAreCommittedUpToFinishedObjectsOnly() {
        try (var sink = start(Map.of())) {
            sink.put(records(0, 2));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 0L));
            sink.put(records(2, 5));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 3L));
            sink.put(records(5, 6));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 6L));
        }
    }

    @Test
    void crashMakesTheSameObjectsAgain() {
        try (var sink = start(Map.of())) {
            sink.put(records(0, 4));
            sink.commit();
            sink.put(records(4, 8));
            Map<String, String> before = server.objects();
            List<SinkRecord> again = sink.crash();
            assertThat(again).extracting(SinkRecord::kafkaOffset).containsExactly(3L, 4L, 5L, 6L, 7L);
            sink.put(again.subList(0, 2));
            sink.put(again.subList(2, again.size()));
            assertThat(server.objects()).isEqualTo(before);
        }
    }

    @Test
    void recordsDeliveredTwiceAreWrittenOnce() {
        try (var sink = start(Map.of())) {
            sink.put(records(0, 2));
            sink.put(records(0, 3));
            assertThat(server.objects())
                    .isEqualTo(Map.of(FOLDER + "orders+0+0000000000.json", "{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n"));
        }
    }

    @Test
    void scheduleEndsObjectsWithoutNewRecordsAndAsksForACommit() {
        try (var sink = start(Map.of("flush.size", "1000", "rotate.schedule.interval.ms", "60000"))) {
            clock.advance(Duration.ofSeconds(50));
            sink.put(records(0, 2));
            assertThat(sink.requests().timeoutMs()).isEqualTo(10_000);
            assertThat(server.names()).isEmpty();
            clock.advance(Duration.ofSeconds(10));
            sink.put();
            assertThat(server.names()).containsExactly(FOLDER + "orders+0+0000000000.json");
            assertThat(sink.requests().commitRequested()).isTrue();
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 2L));
        }
    }

    @Test
    void intervalByTheWallClockEndsObjectsWithoutNewRecords() {
        try (var sink = start(Map.of("flush.size", "1000", "rotate.interval.ms", "5000"))) {
            sink.put(records(0, 2));
            clock.advance(Duration.ofSeconds(5));
            sink.put();
            assertThat(server.names()).hasSize(1);
        }
    }

    @Test
    void clockEndsNoSecondObjectBeforeTheFirstIsCommitted() {
        try (var sink = start(Map.of("flush.size", "1000", "rotate.interval.ms", "5000"))) {
            sink.put(records(0, 2));
            clock.advance(Duration.ofSeconds(5));
            sink.put();
            sink.put(records(2, 4));
            clock.advance(Duration.ofSeconds(5));
            sink.put();
            assertThat(server.names()).hasSize(1);
            sink.commit();
            sink.put();
            assertThat(server.names()).hasSize(2);
        }
    }

    @Test
    void intervalByRecordTimeMakesRepeatableBoundaries() {
        Map<String, String> config =
                Map.of("flush.size", "1000", "rotate.interval.ms", "60000", "timestamp.extractor", "Record");
        try (var sink = start(config)) {
            sink.put(at(0, 0), at(1, 59), at(2, 60), at(3, 61));
            clock.advance(Duration.ofDays(1));
            sink.put();
            assertThat(server.objects())
                    .isEqualTo(Map.of(FOLDER + "orders+0+0000000000.json", "{\"id\":0}\n{\"id\":1}\n"));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 2L));
        }
    }

    @Test
    void hourlyFoldersFollowTheTimeOfRecords() {
        Map<String, String> config = Map.of(
                "partitioner.class", "io.confluent.connect.storage.partitioner.HourlyPartitioner",
                "timestamp.extractor", "Record",
                "timezone", "Europe/Lisbon");
        try (var sink = start(config)) {
            sink.put(at(0, 0), at(1, 3599), at(2, 3600));
            assertThat(server.names())
                    .containsExactly(
                            "topics/orders/year=2026/month=03/day=01/hour=12/orders+0+0000000000.json",
                            "topics/orders/year=2026/month=03/day=01/hour=13/orders+0+0000000002.json");
        }
    }

    @Test
    void timeFoldersRoundDownAndReadTheirPatternAsJodaDoes() {
        Map<String, String> config = Map.of(
                "partitioner.class", "TimeBasedPartitioner",
                "path.format", "'y'=YYYY/'at'=HHmm",
                "partition.duration.ms", "600000",
                "timestamp.extractor", "RecordField",
                "timestamp.field", "at",
                "flush.size", "1");
        try (var sink = start(config)) {
            sink.put(record(0, Map.of("at", "2024-12-30T23:59:59Z")));
            assertThat(server.names()).containsExactly("topics/orders/y=2024/at=2350/orders+0+0000000000.json");
        }
    }

    @Test
    void fieldFoldersEndTogetherSoThatOneOffsetIsSafe() {
        Map<String, String> config =
                Map.of("partitioner.class", "FieldPartitioner", "partition.field.name", "country,of.day");
        try (var sink = start(config)) {
            sink.put(
                    record(0, Map.of("country", "PT", "of", Map.of("day", 1))),
                    record(1, Map.of("country", "ES", "of", Map.of("day", 1))));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 0L));
            sink.put(record(2, Map.of("country", "PT", "of", Map.of("day", 1))));
            assertThat(server.names())
                    .containsExactly(
                            "topics/orders/country=ES/of.day=1/orders+0+0000000001.json",
                            "topics/orders/country=PT/of.day=1/orders+0+0000000000.json");
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 3L));
        }
    }

    @Test
    void gzipObjectsAreTheSameBytesEachTime() throws Exception {
        Map<String, String> config = Map.of("s3.compression.type", "gzip", "s3.compression.level", "9");
        String name = FOLDER + "orders+0+0000000000.json.gz";
        byte[] first = bytesOf(config, name);
        server.empty();
        assertThat(bytesOf(config, name)).isEqualTo(first);
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(first))) {
            assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n");
        }
    }

    @Test
    void largeObjectIsSentInPartsAndSeenOnlyWhole() {
        String wide = "x".repeat(1 << 20);
        try (var sink = start(Map.of("flush.size", "13", "s3.part.size", "5242880"))) {
            LongStream.range(0, 12).forEach(offset -> sink.put(record(offset, wide)));
            assertThat(server.names()).isEmpty();
            assertThat(server.unfinishedUploads()).isEqualTo(1);
            sink.put(record(12, wide));
            assertThat(server.unfinishedUploads()).isZero();
            assertThat(server.bytes(FOLDER + "orders+0+0000000000.json")).hasSize(13 * (wide.length() + 3));
        }
    }

    @Test
    void partsLeftByACrashAreRemovedByTheNextTask() {
        byte[] random = new byte[6 << 20];
        new Random(1).nextBytes(random);
        try (var sink = start(Map.of("flush.size", "5", "s3.part.size", "5242880"))) {
            sink.put(record(0, random));
            assertThat(server.unfinishedUploads()).isEqualTo(1);
            sink.crash();
            assertThat(server.unfinishedUploads()).isZero();
        }
    }

    @Test
    void revokedPartitionLeavesNothingBehind() {
        String wide = "x".repeat(6 << 20);
        try (var sink = start(Map.of("flush.size", "5", "s3.part.size", "5242880"))) {
            sink.put(record(0, wide));
            sink.revoke(ORDERS);
            assertThat(server.unfinishedUploads()).isZero();
            assertThat(server.names()).isEmpty();
        }
    }

    @Test
    void nullValuesFailOrAreIgnored() {
        try (var sink = start(Map.of("behavior.on.null.values", "ignore"))) {
            sink.put(record(0, null), record(1, "a"), record(2, "b"), record(3, "c"));
            assertThat(server.objects())
                    .isEqualTo(Map.of(FOLDER + "orders+0+0000000001.json", "\"a\"\n\"b\"\n\"c\"\n"));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 4L));
            assertThat(sink.requests().errant()).isEmpty();
        }
        try (var sink = start(Map.of())) {
            sink.put(record(0, null));
            assertThat(sink.requests().errant())
                    .singleElement()
                    .satisfies(each -> assertThat(each.error()).hasMessageContaining("behavior.on.null.values"));
        }
    }

    @Test
    void decimalsAreNumbersHereAndBase64UnderConfluentsName() {
        Schema schema = SchemaBuilder.struct().field("price", Decimal.schema(2)).build();
        Struct value = new Struct(schema).put("price", new BigDecimal("12.50"));
        String name = FOLDER + "orders+0+0000000000.json";
        try (var sink = start(Map.of("flush.size", "1"))) {
            sink.put(record(0, value));
            assertThat(server.objects()).containsEntry(name, "{\"price\":12.50}\n");
        }
        String confluents = "io.confluent.connect.s3.S3SinkConnector";
        try (var sink = start(Map.of("flush.size", "1", "connector.class", confluents))) {
            sink.put(record(0, value));
            assertThat(server.objects()).containsEntry(name, "{\"price\":\"BOI=\"}\n");
        }
    }

    @Test
    void absentBucketIsNamedWithTheWayOut() {
        assertThatThrownBy(() -> start(Map.of("s3.bucket.name", "absent-bucket")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("absent-bucket")
                .hasMessageContaining("s3.bucket.name");
    }

    @Test
    void unreachableStoreIsNamedWithTheWayOut() {
        assertThatThrownBy(() -> start(Map.of("store.url", "http://127.0.0.1:1")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("is store.url or s3.region right");
    }

    private byte[] bytesOf(Map<String, String> config, String name) {
        try (var sink = start(config)) {
            sink.put(records(0, 3));
            return server.bytes(name);
        }
    }

    private SinkHarness start(Map<String, String> added) {
        return SinkHarness.start(
                new S3SinkConnector(), () -> new S3SinkTask(clock), server.config(added), ORDERS, OTHERS);
    }

    private static List<SinkRecord> records(long from, long to) {
        return LongStream.range(from, to)
                .mapToObj(id -> record(id, Map.of("id", id)))
                .toList();
    }

    private static SinkRecord record(long offset, @Nullable Object value) {
        return new SinkRecord(ORDERS.topic(), ORDERS.partition(), null, null, null, value, offset);
    }

    private static SinkRecord at(long offset, long secondsAfterNoon) {
        long timestamp = NOON.plusSeconds(secondsAfterNoon).toEpochMilli();
        return new SinkRecord(
                ORDERS.topic(),
                ORDERS.partition(),
                null,
                null,
                null,
                Map.of("id", offset),
                offset,
                timestamp,
                TimestampType.CREATE_TIME);
    }
}
