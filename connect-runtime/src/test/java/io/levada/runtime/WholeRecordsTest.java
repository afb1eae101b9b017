/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.herder.ConnectorOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a record has besides its value, and records without one, on their way through a worker: source, topic, sink. */
final class WholeRecordsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    static Path folder;

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    static RunningWorker worker;

    @BeforeAll
    static void start() {
        worker = new RunningWorker(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0"),
                Map.of("errors.restart.max", "0"));
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void headersReachTheTopicAndTheSinkByTheWorkersConverter() {
        worker.create("plain", source("plain", "a"));
        worker.create("plain-sink", sink("plain"));

        assertThat(headers(worker.records("plain", 1).get(0))).isEqualTo("of=a number=7");
        assertThat(awaitGiven("plain-sink", 1)).containsExactly("a of=a:STRING number=7:INT8");
    }

    @Test
    void headersReachTheTopicAndTheSinkByTheConnectorsConverter() {
        Map<String, String> from = source("quoted", "a");
        from.put("header.converter", Quotes.class.getName());
        Map<String, String> to = sink("quoted");
        to.put("header.converter", Quotes.class.getName());
        worker.create("quoted", from);
        worker.create("quoted-sink", to);

        assertThat(headers(worker.records("quoted", 1).get(0))).isEqualTo("of='a' number='7'");
        assertThat(awaitGiven("quoted-sink", 1)).containsExactly("a of=a:STRING number=7:STRING");
    }

    @Test
    void aSourcesHeaderThatCannotBeConvertedIsAnErrorOfThatStage() {
        Map<String, String> config = source("refused", "a", "bad", "c");
        config.put("header.converter", Quotes.class.getName());
        worker.create("refused", config);
        assertThat(worker.awaitTask("refused", 0, "FAILED").trace())
                .contains("HEADER_CONVERTER", Quotes.class.getName(), "no quotes for bad");

        config = source("refused", "a", "bad", "c");
        config.put("header.converter", Quotes.class.getName());
        config.put("errors.tolerance", "all");
        worker.put("refused", config);

        await().atMost(PATIENCE).until(() -> values("refused").contains("c"));
        assertThat(values("refused")).doesNotContain("bad").contains("a");
        awaitOffset("refused", 3);
    }

    @Test
    void aTopicsHeaderThatCannotBeConvertedGoesToTheDeadLettersAsItIs() {
        worker.create("dead", source("dead", "a", "bad", "c"));
        Map<String, String> config = sink("dead");
        config.put("header.converter", Quotes.class.getName());
        worker.create("dead-sink", config);
        assertThat(worker.awaitTask("dead-sink", 0, "FAILED").trace())
                .contains("HEADER_CONVERTER", Quotes.class.getName(), "no quotes for bad");

        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", "dead-letters");
        config.put("errors.deadletterqueue.topic.replication.factor", "1");
        config.put("errors.deadletterqueue.context.headers.enable", "true");
        worker.put("dead-sink", config);

        ConsumerRecord<String, byte[]> letter =
                worker.records("dead-letters", 1).get(0);
        assertThat(new String(letter.value(), UTF_8)).isEqualTo("bad");
        assertThat(headers(letter))
                .contains("of=bad number=7")
                .contains("__connect.errors.stage=HEADER_CONVERTER")
                .contains("__connect.errors.class.name=" + Quotes.class.getName());
        assertThat(awaitGiven("dead-sink", 2))
                .containsExactly("a of=a:STRING number=7:STRING", "c of=c:STRING number=7:STRING");
    }

    @Test
    void aRecordWithoutValuePassesFromSourceToSinkWithItsHeaders() {
        worker.create("tombs", source("tombs", "a", "null", "typed-null"));
        worker.create("tombs-sink", sink("tombs"));

        List<ConsumerRecord<String, byte[]>> records = worker.records("tombs", 3);
        assertThat(records).extracting(ConsumerRecord::key).containsExactly("key-0", "key-1", "key-2");
        assertThat(records.get(1).value()).isNull();
        assertThat(records.get(2).value()).isNull();
        assertThat(headers(records.get(1))).isEqualTo("of=nothing number=7");
        assertThat(awaitGiven("tombs-sink", 3))
                .containsExactly(
                        "a of=a:STRING number=7:INT8",
                        "null of=null number=7:INT8",
                        "null of=typed-null:STRING number=7:INT8");
    }

    @Test
    void whatATransformDropsIsNotSentAndItsOffsetIsCommitted() {
        worker.create("dropped", dropping(source("dropped", "a", "drop", "b", "drop")));

        awaitOffset("dropped", 4);
        assertThat(values("dropped")).containsExactly("a", "b");
    }

    @Test
    void whatATransformDropsIsNotPutAndItsOffsetIsCommitted() {
        worker.create("unput", source("unput", "a", "drop", "b", "drop"));
        worker.create("unput-sink", dropping(sink("unput")));

        await().atMost(PATIENCE)
                .until(
                        () -> get(worker.herder().offsets(new ConnectorName("unput-sink")))
                                .toString(),
                        offsets -> offsets.contains("kafka_offset=4"));
        assertThat(awaitGiven("unput-sink", 2))
                .containsExactly("a of=a:STRING number=7:INT8", "b of=b:STRING number=7:INT8");
    }

    /** Of a source that gives such records to the topic. */
    private static Map<String, String> source(String topic, String... values) {
        new Script(topic).polls.add(records(topic, values));
        return new HashMap<>(
                Map.of("connector.class", ScriptedSource.class.getName(), "tasks.max", "1", "script", topic));
    }

    /** Each with two headers; the words for null make a record without a value. The offset is how many there are by then. */
    private static List<SourceRecord> records(String topic, String... values) {
        return IntStream.range(0, values.length)
                .mapToObj(number -> record(topic, values[number], number))
                .toList();
    }

    private static SourceRecord record(String topic, String value, int number) {
        ConnectHeaders headers = new ConnectHeaders();
        if (value.equals("null")) {
            headers.add("of", new SchemaAndValue(null, null));
        } else {
            headers.addString("of", value);
        }
        headers.addInt("number", 7);
        return new SourceRecord(
                Map.of("only", "one"),
                Map.of("n", (long) number + 1),
                topic,
                0,
                Schema.STRING_SCHEMA,
                "key-" + number,
                value.equals("null") ? null : Schema.OPTIONAL_STRING_SCHEMA,
                value.endsWith("null") ? null : value,
                null,
                headers);
    }

    private static Map<String, String> sink(String topic) {
        return new HashMap<>(
                Map.of("connector.class", RecordingSink.class.getName(), "tasks.max", "1", "topics", topic));
    }

    /** What drops the records that say so. */
    private static Map<String, String> dropping(Map<String, String> config) {
        config.put("transforms", "d");
        config.put("transforms.d.type", DropEvery.class.getName());
        config.put("transforms.d.value", "drop");
        return config;
    }

    private static List<String> values(String topic) {
        return worker.values(topic, 1);
    }

    private static String headers(ConsumerRecord<String, byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(WholeRecordsTest::header)
                .collect(Collectors.joining(" "));
    }

    private static String header(Header header) {
        return header.key() + "=" + (header.value() == null ? "nothing" : new String(header.value(), UTF_8));
    }

    private static List<String> awaitGiven(String name, int count) {
        return await()
                .atMost(PATIENCE)
                .until(() -> RecordingSink.records(name), given -> given.size() >= count)
                .stream()
                .map(WholeRecordsTest::words)
                .toList();
    }

    /** Value and headers. */
    private static String words(SinkRecord record) {
        StringBuilder words = new StringBuilder(String.valueOf(record.value()));
        record.headers().forEach(header -> {
            words.append(' ').append(header.key()).append('=').append(header.value());
            if (header.schema() != null) {
                words.append(':').append(header.schema().type());
            }
        });
        return words.toString();
    }

    private static void awaitOffset(String name, int offset) {
        await().atMost(PATIENCE)
                .until(
                        () -> get(worker.herder().offsets(new ConnectorName(name))),
                        List.of(new ConnectorOffset(Map.of("only", "one"), Map.of("n", (long) offset)))::equals);
    }

    /** Headers as text in quotes; what says bad has none. */
    public static final class Quotes implements HeaderConverter {
        @Override
        public byte[] fromConnectHeader(String topic, String key, Schema schema, Object value) {
            return ("'" + good(String.valueOf(value)) + "'").getBytes(UTF_8);
        }

        @Override
        public SchemaAndValue toConnectHeader(String topic, String key, byte[] value) {
            return new SchemaAndValue(
                    Schema.STRING_SCHEMA, good(new String(value, UTF_8)).replace("'", ""));
        }

        private static String good(String value) {
            if (value.equals("bad")) {
                throw new DataException("no quotes for bad");
            }
            return value;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void close() {}
    }
}
