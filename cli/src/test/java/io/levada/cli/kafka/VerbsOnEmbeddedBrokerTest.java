/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.cli.CommandLineRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class VerbsOnEmbeddedBrokerTest {
    private static final int BROKEN_PIPE = 141;
    private static final int LONG_ENOUGH_SECONDS = 120;

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = EmbeddedBroker.start(BrokerConfig.from(
                Map.of("data.dir", folder.resolve("data").toString(), "broker.listeners", "PLAINTEXT://localhost:0")));
        for (String topic : List.of("orders", "customers")) {
            assertThat(kafka("topics", "create", topic, "--partitions", "1").exitCode())
                    .isZero();
        }
        produce("orders", "one", "two", "three");
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    /** The three records are printed at once; the reader takes one and leaves, and nothing more is ever written. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aCommandThatWaitsEndsWhenTheReaderOfItsPipeLeaves() throws Exception {
        Process consume = process("consume", "orders", "--from-beginning");
        try (BufferedReader out = consume.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("one");
        }
        assertThat(consume.waitFor(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(consume.exitValue()).isEqualTo(BROKEN_PIPE);
        assertThat(consume.errorReader().lines()).isEmpty();
    }

    @Test
    void aRecordIsShownWithAllItHasInJson() throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            ProducerRecord<String, String> record = new ProducerRecord<>("full", 0, 1234L, "k", "v");
            record.headers().add("h", "x".getBytes(StandardCharsets.UTF_8));
            producer.send(record).get();
            producer.send(new ProducerRecord<>("full", 0, "k", null)).get();
        }
        List<String> lines = kafka("consume", "full", "--from-beginning", "-n", "2", "--output", "json")
                .out()
                .lines()
                .toList();
        assertThat(lines.get(0))
                .isEqualTo(
                        "{\"topic\":\"full\",\"partition\":0,\"offset\":0,\"timestamp\":1234,\"key\":\"k\",\"value\":\"v\","
                                + "\"headers\":[{\"key\":\"h\",\"value\":\"x\"}]}");
        assertThat(new ObjectMapper().readTree(lines.get(1)).path("value").isNull())
                .isTrue();
    }

    @Test
    void consumingBeginsAtTheOffsetAsked() {
        assertThat(kafka("consume", "orders", "--partition", "0", "--offset", "1", "-n", "1")
                        .out()
                        .strip())
                .isEqualTo("two");
        CommandLineRun beyond = kafka("consume", "orders", "--partition", "0", "--offset", "9");
        assertThat(beyond.exitCode()).isEqualTo(3);
        assertThat(beyond.err()).contains("no offset 9", "its next will be 3");
        assertThat(kafka("consume", "orders", "--partition", "7").exitCode()).isEqualTo(3);
    }

    @Test
    void whatWasAbortedIsShownUnlessOneAsksForWhatIsCommitted() throws Exception {
        assertThat(kafka("topics", "create", "ledger", "--partitions", "1").exitCode())
                .isZero();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "ledger"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("ledger", "aborted")).get();
            producer.abortTransaction();
        }
        produce("ledger", "kept");
        assertThat(kafka("consume", "ledger", "--from-beginning", "-n", "2").out())
                .isEqualTo("aborted\nkept\n");
        assertThat(kafka("consume", "ledger", "--from-beginning", "-n", "1", "--isolation-level", "read_committed")
                        .out())
                .isEqualTo("kept\n");
        CommandLineRun wrong = kafka("consume", "ledger", "--isolation-level", "commited");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("read_committed");
    }

    @Test
    void aMisspelledSettingIsToldWithTheOneThatWasMeant() {
        CommandLineRun wrong = kafka("topics", "create", "misspelled", "--config", "retention.mss=1");
        assertThat(wrong.exitCode()).isEqualTo(5);
        assertThat(wrong.err()).contains("did you mean retention.ms?");
    }

    @Test
    void aValueThatIsNoNumberIsOneProblem() {
        CommandLineRun wrong = kafka("topics", "create", "misspelled", "--config", "retention.ms=abc");
        assertThat(wrong.exitCode()).isEqualTo(5);
        assertThat(wrong.err()).contains("abc").doesNotContain("null");
        assertThat(wrong.err().lines()).hasSize(3);
    }

    @Test
    void aTopicThatIsNotThereIsNamedWithTheNearestOne() {
        for (String verb : List.of("topics describe ordres", "topics delete ordres", "consume ordres")) {
            CommandLineRun run = kafka(verb.split(" "));
            assertThat(run.exitCode()).as(run.err()).isEqualTo(3);
            assertThat(run.err()).contains("there is no topic 'ordres'. Did you mean 'orders'?");
            assertThat(run.err().lines()).hasSize(3);
        }
    }

    @Test
    void aGroupThatIsNotThereIsNotFound() {
        CommandLineRun run = kafka("groups", "describe", "nobody");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("there is no group 'nobody'");
    }

    @Test
    void aLiveGroupThatHasCommittedNothingIsDescribed() throws IOException {
        try (KafkaConsumer<String, String> consumer = consumer("live")) {
            consumer.subscribe(List.of("orders"));
            await().atMost(Duration.ofSeconds(LONG_ENOUGH_SECONDS))
                    .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            CommandLineRun text = kafka("groups", "describe", "live");
            assertThat(text.exitCode()).as(text.err()).isZero();
            assertThat(text.out()).contains("Stable", "clerk", "orders-0").containsPattern("orders +0 +- +3 +-");
            JsonNode json = new ObjectMapper()
                    .readTree(kafka("groups", "describe", "live", "--output", "json")
                            .out());
            assertThat(json.path("state").asText()).isEqualTo("Stable");
            assertThat(json.at("/members/0/client").asText()).isEqualTo("clerk");
            assertThat(json.at("/partitions/0/offset").isNull()).isTrue();
            assertThat(json.at("/partitions/0/end").asLong()).isEqualTo(3);
        }
    }

    @Test
    void theLagOfAGroupIsShownAlsoWhenNobodyIsInIt() {
        try (KafkaConsumer<String, String> consumer = consumer("gone")) {
            consumer.subscribe(List.of("orders"));
            await().atMost(Duration.ofSeconds(LONG_ENOUGH_SECONDS))
                    .until(() -> !consumer.poll(Duration.ofMillis(100)).isEmpty());
            consumer.commitSync();
        }
        assertThat(kafka("groups", "describe", "gone").out()).contains("Empty").containsPattern("orders +0 +3 +3 +0");
    }

    private static KafkaConsumer<String, String> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", group,
                        "client.id", "clerk",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static void produce(String topic, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer()) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, value)).get();
            }
        }
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()), new StringSerializer(), new StringSerializer());
    }

    /** The command in a process of its own, as a shell would start it in a pipe. */
    private static Process process(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlogback.configurationFile=logback-client.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "io.levada.cli.Levada"));
        command.addAll(List.of(words));
        command.add("--bootstrap-server=" + broker.bootstrapServers());
        return new ProcessBuilder(command).start();
    }

    private static CommandLineRun kafka(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--bootstrap-server=" + broker.bootstrapServers());
        return levada(all.toArray(String[]::new));
    }
}
