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
import java.util.HashMap;
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
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Both have a partition 0 with an offset 0. */
    @Test
    void topicsRoutedIntoOneHaveObjectsOfTheirOwn() {
        TopicPartition second = new TopicPartition("second", 0);
        try (var sink = start(Map.of())) {
            sink.assign(second);
            sink.put(LongStream.range(0, 3)
                    .mapToObj(id -> routed(id, second, "orders", Map.of("second", id)))
                    .toList());
            sink.put(records(0, 4));
            assertThat(server.objects())
                    .isEqualTo(Map.of(
                            FOLDER + "orders+0+0000000000.json", "{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n",
                            FOLDER + "second+0+0000000000.json", "{\"second\":0}\n{\"second\":1}\n{\"second\":2}\n"));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 3L, second, 3L));
        }
    }

    @Test
    void recordsOfOnePartitionThatAreRoutedApartEndTogether() {
        try (var sink = start(Map.of())) {
            sink.put(
                    routed(0, ORDERS, "a", Map.of("id", 0)),
                    routed(1, ORDERS, "b", Map.of("id", 1)),
                    routed(2, ORDERS, "a", Map.of("id", 2)));
            assertThat(server.objects())
                    .isEqualTo(Map.of(
                            "topics/a/partition=0/orders+0+0000000000.json", "{\"id\":0}\n{\"id\":2}\n",
                            "topics/b/partition=0/orders+0+0000000001.json", "{\"id\":1}\n"));
        }
    }

    /** A topic that was deleted and made anew begins at 0 under the running task. */
    @Test
    void recordsOfATopicThatWasMadeAnewAreWritten() {
        try (var sink = start(Map.of("behavior.on.null.values", "ignore"))) {
            sink.put(records(10, 15));
            sink.put(record(0, Map.of("new", 0)), record(1, null), record(2, Map.of("new", 2)));
            assertThat(server.objects())
                    .isEqualTo(Map.of(
                            FOLDER + "orders+0+0000000010.json", "{\"id\":10}\n{\"id\":11}\n{\"id\":12}\n",
                            FOLDER + "orders+0+0000000013.json", "{\"id\":13}\n{\"id\":14}\n"));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 0L));
            sink.put(record(3, Map.of("new", 3)));
            assertThat(server.objects())
                    .containsEntry(FOLDER + "orders+0+0000000000.json", "{\"new\":0}\n{\"new\":2}\n{\"new\":3}\n");
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 4L));
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

    /** Else the second would hold records that the first, begun again at the old offset, takes too. */
    @Test
    void countEndsNoObjectBeforeThoseThatTheClockEndedAreCommitted() {
        Map<String, String> config = Map.of("flush.size", "3", "rotate.interval.ms", "5000");
        try (var sink = start(config)) {
            sink.put(records(0, 2));
            clock.advance(Duration.ofSeconds(5));
            sink.put();
            sink.put(records(2, 5));
            assertThat(server.names()).containsExactly(FOLDER + "orders+0+0000000000.json");
            assertThatThrownBy(() -> sink.put(records(5, 6))).isInstanceOf(RetriableException.class);
            assertThat(sink.requests().commitRequested()).isTrue();

            sink.put(sink.crash());
            sink.put(records(5, 6));
            assertThat(server.objects())
                    .isEqualTo(Map.of(
                            FOLDER + "orders+0+0000000000.json", "{\"id\":0}\n{\"id\":1}\n{\"id\":2}\n",
                            FOLDER + "orders+0+0000000003.json", "{\"id\":3}\n{\"id\":4}\n{\"id\":5}\n"));
        }
    }

    /** The worker's position is that before the batch; what of it is in a finished object must not be read again alone. */
    @Test
    void nothingIsCommittedWithinABatchThatFailed() {
        SinkConnector connector = new S3SinkConnector();
        try (var sink = SinkHarness.start(connector, server.config(Map.of()), SinkHarness.ErrorReporting.OFF, ORDERS)) {
            sink.put(records(0, 2));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 0L));
            assertThatThrownBy(() -> sink.put(record(2, Map.of("id", 2)), record(3, null)))
                    .isInstanceOf(DataException.class);
            assertThat(server.names()).hasSize(1);
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 0L));
        }
    }

    @Test
    void objectsThatWaitForACommitAreFinishedAfterIt() {
        try (var sink = start(Map.of("rotate.interval.ms", "5000"))) {
            sink.put(records(0, 2));
            clock.advance(Duration.ofSeconds(5));
            sink.put();
            sink.put(records(2, 5));
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 2L));
            sink.put();
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 5L));
            assertThat(server.names()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rotate.schedule.interval.ms", "rotate.interval.ms"})
    void intervalMayBeAsLongAsANumberHolds(String key) {
        try (var sink = start(Map.of(key, Long.toString(Long.MAX_VALUE)))) {
            sink.put(records(0, 2));
            assertThat(server.names()).isEmpty();
        }
    }

    @Test
    void objectsThatAreManyOrLargeEndTogether() {
        Map<String, String> byField =
                Map.of("partitioner.class", "FieldPartitioner", "partition.field.name", "id", "flush.size", "1000");
        try (var sink = start(with(byField, "partitioner.max.open.files", "2"))) {
            sink.put(records(0, 5));
            assertThat(server.names()).hasSize(3);
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 3L));
        }
        server.empty();
        try (var sink = start(with(byField, "s3.open.bytes.max", "20"))) {
            sink.put(records(0, 5));
            assertThat(server.names()).as("of 9 bytes each").hasSize(3);
            assertThat(sink.commit()).isEqualTo(Map.of(ORDERS, 3L));
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1714903200000",
                "2024-05-05T10:00:00",
                "2024-05-05 10:00",
                "2024-05-05",
                "2024-05-05T12:00:00+02:00",
                "2024-05-05T12:00+0200",
                "2024-05-05T10:00:00.5Z"
            })
    void textsOfManyFormsAreTimes(String text) {
        Map<String, String> config = Map.of(
                "partitioner.class", "DailyPartitioner",
                "timestamp.extractor", "RecordField",
                "timestamp.field", "at",
                "flush.size", "1");
        try (var sink = start(config)) {
            sink.put(record(0, Map.of("at", text)));
            assertThat(sink.requests().errant()).isEmpty();
            assertThat(server.names())
                    .containsExactly("topics/orders/year=2024/month=05/day=05/orders+0+0000000000.json");
        }
    }

    @Test
    void textWithoutAZoneIsInThatOfTheConfig() {
        Map<String, String> config = Map.of(
                "partitioner.class", "HourlyPartitioner",
                "timestamp.extractor", "RecordField",
                "timezone", "Asia/Tokyo",
                "timestamp.field", "at",
                "flush.size", "1");
        try (var sink = start(config)) {
            sink.put(record(0, Map.of("at", "2024-05-05T01:00:00")), record(1, Map.of("at", "2024-05-04T17:00:00Z")));
            assertThat(server.names())
                    .containsExactly(
                            "topics/orders/year=2024/month=05/day=05/hour=01/orders+0+0000000000.json",
                            "topics/orders/year=2024/month=05/day=05/hour=02/orders+0+0000000001.json");
        }
    }

    @Test
    void whatIsNoTimeIsRefusedByName() {
        Map<String, String> config = Map.of("timestamp.extractor", "RecordField", "timestamp.field", "at");
        try (var sink = start(config)) {
            sink.put(
                    record(0, Map.of("at", "yesterday")),
                    record(1, Map.of("at", Double.NaN)),
                    record(2, Map.of("at", new BigDecimal("1e30"))),
                    record(3, Map.of("at", "2024-02-30")));
            assertThat(sink.requests().errant())
                    .hasSize(4)
                    .allSatisfy(each -> assertThat(each.error()).hasMessageContaining("Field at"));
        }
    }

    /** Monday, 30 December 2024 is in week 1 of 2025; where the week begins on Sunday, it would be the second day. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "en-US, xxxx/ww/e, 2025/01/1",
                "pt, xxxx/ww/e, 2025/01/1",
                "en, YY-MMM-dd HH ZZ, 24-Dec-30 00 +00:00",
                "en, 'week 'w' of 'x, week 1 of 2025",
                "en, yyyy.DDD, 2024.365",
            })
    void patternsMeanWhatJodaMeans(String locale, String pattern, String folders) {
        Map<String, String> config = Map.of(
                "partitioner.class", "TimeBasedPartitioner",
                "path.format", pattern,
                "locale", locale,
                "partition.duration.ms", "86400000",
                "timestamp.extractor", "RecordField",
                "timestamp.field", "at",
                "flush.size", "1");
        try (var sink = start(config)) {
            sink.put(record(0, Map.of("at", "2024-12-30T12:00:00Z")));
            assertThat(server.names()).containsExactly("topics/orders/" + folders + "/orders+0+0000000000.json");
        }
    }

    @Test
    void valuesOfFieldsNeverLeaveTheirFolder() {
        Map<String, String> config =
                Map.of("partitioner.class", "FieldPartitioner", "partition.field.name", "side", "flush.size", "1");
        try (var sink = start(config)) {
            sink.put(
                    record(0, Map.of("side", "a/b")),
                    record(1, Map.of("side", "../../x")),
                    record(2, Map.of("side", "100%")),
                    record(3, Map.of("side", "é\n")),
                    record(4, Map.of("side", "x".repeat(1024))));
            assertThat(server.names())
                    .containsExactlyInAnyOrder(
                            "topics/orders/side=a%2Fb/orders+0+0000000000.json",
                            "topics/orders/side=..%2F..%2Fx/orders+0+0000000001.json",
                            "topics/orders/side=100%25/orders+0+0000000002.json",
                            "topics/orders/side=é%0A/orders+0+0000000003.json");
            assertThat(sink.requests().errant())
                    .singleElement()
                    .satisfies(each -> assertThat(each.error()).hasMessageContaining("1024"));
        }
    }

    @Test
    void topicThatLeadsOutOfItsFolderIsRefused() {
        try (var sink = start(Map.of())) {
            sink.put(routed(0, ORDERS, "../x", Map.of("id", 0)));
            assertThat(sink.requests().errant())
                    .singleElement()
                    .satisfies(each -> assertThat(each.error()).hasMessageContaining("folder .."));
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
            sink.put(sink.crash());
            assertThat(server.unfinishedUploads()).isEqualTo(1);
            sink.put(records(1, 5));
            assertThat(server.unfinishedUploads()).isZero();
            assertThat(server.names()).hasSize(1);
        }
    }

    @Test
    void uploadsOfOthersUnderTheSameFolderAreLeftAlone() {
        String wide = "x".repeat(6 << 20);
        try (var other = start(Map.of(
                        "flush.size", "5",
                        "s3.part.size", "5242880",
                        "partitioner.class", "FieldPartitioner",
                        "partition.field.name", "side"));
                var sink = start(Map.of("flush.size", "5", "s3.part.size", "5242880"))) {
            other.put(record(0, Map.of("side", "a", "wide", wide)));
            sink.put(record(0, wide));
            sink.put(sink.crash());
            other.put(LongStream.range(1, 5)
                    .mapToObj(id -> record(id, Map.of("side", "a")))
                    .toList());
            assertThat(server.names()).containsExactly("topics/orders/side=a/orders+0+0000000000.json");
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

    private static SinkRecord routed(long offset, TopicPartition from, String topic, Object value) {
        return new SinkRecord(
                topic,
                from.partition(),
                null,
                null,
                null,
                value,
                offset,
                null,
                TimestampType.NO_TIMESTAMP_TYPE,
                List.of(),
                from.topic(),
                from.partition(),
                offset);
    }

    private static Map<String, String> with(Map<String, String> config, String key, String value) {
        Map<String, String> all = new HashMap<>(config);
        all.put(key, value);
        return all;
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
