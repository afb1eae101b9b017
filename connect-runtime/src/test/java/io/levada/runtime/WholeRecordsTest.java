/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.herder.ConnectorOffset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;
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
        Map<String, String> config = source("refused", "a,bad,c");
        config.put("header.converter", Quotes.class.getName());
        worker.create("refused", config);
        assertThat(worker.awaitTask("refused", 0, "FAILED").trace())
                .contains("HEADER_CONVERTER", Quotes.class.getName(), "no quotes for bad");

        config.put("errors.tolerance", "all");
        worker.put("refused", config);

        await().atMost(PATIENCE).until(() -> values("refused").contains("c"));
        assertThat(values("refused")).doesNotContain("bad").contains("a");
        awaitOffset("refused", 3);
    }

    @Test
    void aTopicsHeaderThatCannotBeConvertedGoesToTheDeadLettersAsItIs() {
        worker.create("dead", source("dead", "a,bad,c"));
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
        worker.create("tombs", source("tombs", "a,null,typed-null"));
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
        Map<String, String> config = source("dropped", "a,drop,b,drop");
        config.put("transforms", "d");
        config.put("transforms.d.type", Drop.class.getName());
        worker.create("dropped", config);

        awaitOffset("dropped", 4);
        assertThat(values("dropped")).containsExactly("a", "b");
    }

    @Test
    void whatATransformDropsIsNotPutAndItsOffsetIsCommitted() {
        worker.create("unput", source("unput", "a,drop,b,drop"));
        Map<String, String> config = sink("unput");
        config.put("transforms", "d");
        config.put("transforms.d.type", Drop.class.getName());
        worker.create("unput-sink", config);

        await().atMost(PATIENCE)
                .until(
                        () -> get(worker.herder().offsets(new ConnectorName("unput-sink")))
                                .toString(),
                        offsets -> offsets.contains("kafka_offset=4"));
        assertThat(awaitGiven("unput-sink", 2))
                .containsExactly("a of=a:STRING number=7:INT8", "b of=b:STRING number=7:INT8");
    }

    private static Map<String, String> source(String topic, String values) {
        return new HashMap<>(
                Map.of("connector.class", Whole.class.getName(), "tasks.max", "1", "topic", topic, "values", values));
    }

    private static Map<String, String> sink(String topic) {
        return new HashMap<>(Map.of("connector.class", Taking.class.getName(), "tasks.max", "1", "topics", topic));
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
        return await().atMost(PATIENCE).until(() -> List.copyOf(Taking.given(name)), given -> given.size() >= count);
    }

    private static void awaitOffset(String name, int offset) {
        await().atMost(PATIENCE)
                .until(
                        () -> get(worker.herder().offsets(new ConnectorName(name))),
                        List.of(new ConnectorOffset(Map.of("only", "one"), Map.of("n", (long) offset)))::equals);
    }

    /** Gives a record with two headers for each of its values, the words for null among them; its offset is how many it has given. */
    public static final class Whole extends SourceConnector {
        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = props;
        }

        @Override
        public Class<? extends Task> taskClass() {
            return WholeTask.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(config);
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef()
                    .define("topic", ConfigDef.Type.STRING, ConfigDef.Importance.HIGH, "Where to.")
                    .define("values", ConfigDef.Type.LIST, ConfigDef.Importance.HIGH, "What.");
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Its task. */
    public static final class WholeTask extends SourceTask {
        private Map<String, String> config = Map.of();
        private boolean done;

        @Override
        public void start(Map<String, String> props) {
            config = props;
        }

        @Override
        public @Nullable List<SourceRecord> poll() throws InterruptedException {
            if (done) {
                TimeUnit.MILLISECONDS.sleep(50);
                return null;
            }
            done = true;
            List<SourceRecord> records = new ArrayList<>();
            for (String value : config.getOrDefault("values", "").split(",", -1)) {
                records.add(record(value, records.size()));
            }
            return records;
        }

        private SourceRecord record(String value, int number) {
            ConnectHeaders headers = new ConnectHeaders();
            if (value.equals("null")) {
                headers.add("of", new SchemaAndValue(null, null));
            } else {
                headers.addString("of", value);
            }
            headers.addInt("number", 7);
            Schema schema = value.equals("null") ? null : Schema.OPTIONAL_STRING_SCHEMA;
            return new SourceRecord(
                    Map.of("only", "one"),
                    Map.of("n", (long) number + 1),
                    config.get("topic"),
                    0,
                    Schema.STRING_SCHEMA,
                    "key-" + number,
                    schema,
                    value.endsWith("null") ? null : value,
                    null,
                    headers);
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
    }

    /** Keeps value and headers of what it is given, in words. */
    public static final class Taking extends SinkConnector {
        private static final Map<String, List<String>> GIVEN = new ConcurrentHashMap<>();

        private Map<String, String> config = Map.of();

        private static List<String> given(String name) {
            return GIVEN.computeIfAbsent(name, first -> new CopyOnWriteArrayList<>());
        }

        @Override
        public void start(Map<String, String> props) {
            config = props;
        }

        @Override
        public Class<? extends Task> taskClass() {
            return TakingTask.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(config);
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Its task. */
    public static final class TakingTask extends SinkTask {
        private String name = "";

        @Override
        public void start(Map<String, String> props) {
            name = props.getOrDefault("name", "");
        }

        @Override
        public void put(Collection<SinkRecord> records) {
            for (SinkRecord record : records) {
                StringBuilder words = new StringBuilder(String.valueOf(record.value()));
                record.headers().forEach(header -> {
                    words.append(' ').append(header.key()).append('=').append(header.value());
                    if (header.schema() != null) {
                        words.append(':').append(header.schema().type());
                    }
                });
                Taking.given(name).add(words.toString());
            }
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
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

    /** Drops what says so. */
    public static final class Drop<R extends ConnectRecord<R>> implements Transformation<R> {
        @Override
        @SuppressWarnings("NullAway") // Null is how a record is dropped.
        public @Nullable R apply(R record) {
            return "drop".equals(record.value()) ? null : record;
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
