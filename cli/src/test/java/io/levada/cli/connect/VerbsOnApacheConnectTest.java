/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.cli.CommandLineRun;
import io.levada.cli.peers.ApacheKafkaConnect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every client verb against Apache Kafka and Apache Kafka Connect 4.3: what works there works on any worker. */
final class VerbsOnApacheConnectTest {
    private static final String SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector";
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    private static ApacheKafkaConnect peer;

    @BeforeAll
    static void startPeer() throws IOException {
        peer = ApacheKafkaConnect.start(folder.resolve("peer"));
    }

    @AfterAll
    static void stopPeer() {
        peer.close();
    }

    @Test
    void aConnectorIsCreatedShownAndDeleted() throws IOException {
        String file = sinkFile("one", Map.of("topics", "one-topic"));
        assertThat(connect("connectors", "create", file).exitCode()).isZero();
        awaitInList("one", "RUNNING +1/1");
        assertThat(connect("connectors", "status", "one").out()).contains("connector", "task 0");
        assertThat(connect("connectors", "config", "one").out()).contains("one-topic");
        assertThat(connect("connectors", "list", "-o", "json").out()).startsWith("{");
        assertThat(connect("tasks", "list", "one").out()).contains("RUNNING");
        assertThat(connect("tasks", "restart", "one", "0").exitCode()).isZero();
        assertThat(connect("connectors", "delete", "one").exitCode()).isZero();
        await().atMost(LONG_ENOUGH)
                .untilAsserted(
                        () -> assertThat(connect("connectors", "status", "one").exitCode())
                                .isEqualTo(3));
    }

    @Test
    void creatingWhatExistsIsAConflict() throws IOException {
        String file = sinkFile("twice", Map.of("topics", "t"));
        assertThat(connect("connectors", "create", file).exitCode()).isZero();
        CommandLineRun again = connect("connectors", "create", file);
        assertThat(again.exitCode()).isEqualTo(4);
        assertThat(again.err()).contains("twice already exists");
    }

    @Test
    void aConfigWithErrorsIsRefusedByCreateAndExplainedByValidate() throws IOException {
        String file = sinkFile("wrong", Map.of());
        assertThat(connect("connectors", "create", file).exitCode()).isEqualTo(5);
        CommandLineRun validated = connect("connectors", "validate", file);
        assertThat(validated.exitCode()).isEqualTo(5);
        assertThat(validated.out()).contains("topics.regex", "Must configure one of topics or topics.regex");
    }

    @Test
    void aWorkerThatSendsNoWarningsHasNothingToSay() throws IOException {
        CommandLineRun validated =
                connect("connectors", "validate", sinkFile("quiet", Map.of("topics", "t", "task.max", "1")));
        assertThat(validated.exitCode()).isZero();
        assertThat(validated.err()).doesNotContain("warning:");
    }

    @Test
    void everyErrorIsToldOnce() throws IOException {
        String file = sinkFile("wronger", Map.of("tasks.max", "two"));
        CommandLineRun created = connect("connectors", "create", file);
        assertThat(created.err())
                .containsOnlyOnce("Must configure one of topics or topics.regex")
                .containsOnlyOnce("for configuration tasks.max")
                .doesNotContain("at the endpoint");
        assertThat(connect("connectors", "validate", file).out())
                .containsOnlyOnce("Must configure one of topics or topics.regex")
                .containsOnlyOnce("for configuration tasks.max");
    }

    @Test
    void aClassThatIsNotInstalledIsAnErrorOfTheConfig() throws IOException {
        String file = sinkFile("absent", Map.of("connector.class", "no.such.Connector", "topics", "t"));
        CommandLineRun validated = connect("connectors", "validate", file);
        assertThat(validated.exitCode()).isEqualTo(5);
        assertThat(validated.err()).contains("no.such.Connector", "levada plugins list");
    }

    @Test
    void aConnectorIsPausedStoppedResumedAndRestarted() throws IOException {
        assertThat(connect("connectors", "create", sinkFile("steered", Map.of("topics", "t")))
                        .exitCode())
                .isZero();
        connect("connectors", "pause", "steered");
        awaitInList("steered", "PAUSED");
        connect("connectors", "stop", "steered");
        awaitInList("steered", "STOPPED");
        connect("connectors", "resume", "steered");
        awaitInList("steered", "RUNNING");
        assertThat(connect("connectors", "restart", "steered").exitCode()).isZero();
    }

    @Test
    void oneKeyOfAConfigIsChangedAndTheOthersStay() throws IOException {
        connect("connectors", "create", sinkFile("tuned", Map.of("topics", "t")));
        assertThat(connect("connectors", "config", "tuned", "--set", "topics=u").exitCode())
                .isZero();
        assertThat(connect("connectors", "config", "tuned").out())
                .contains("\"u\"")
                .contains(SINK);
    }

    @Test
    void aFailedTaskPutsItsConnectorFirstAndShowsItsTrace() throws IOException {
        connect("connectors", "create", sinkFile("zz-broken", Map.of("topics", "t", "file", "/nonexistent/x/out.txt")));
        awaitInList("zz-broken", "FAILED");
        assertThat(connect("connectors", "list")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow())
                .startsWith("zz-broken");
        assertThat(connect("connectors", "status", "zz-broken").out()).contains("Caused by:", "/nonexistent/x/out.txt");
    }

    @Test
    void pluginsAreListedByType() {
        assertThat(connect("plugins", "list", "--type", "sink").out())
                .contains(SINK)
                .doesNotContain("Converter");
    }

    @Test
    void aTopicIsCreatedDescribedAndDeleted() {
        assertThat(kafka("topics", "create", "made", "--partitions", "3", "--config", "retention.ms=1000")
                        .exitCode())
                .isZero();
        assertThat(kafka("topics", "create", "made").exitCode()).isEqualTo(4);
        assertThat(kafka("topics", "list").out()).contains("made");
        assertThat(kafka("topics", "describe", "made").out()).contains("retention.ms=1000");
        assertThat(kafka("topics", "delete", "made").exitCode()).isZero();
        await().atMost(LONG_ENOUGH)
                .untilAsserted(
                        () -> assertThat(kafka("topics", "describe", "made").exitCode())
                                .isEqualTo(3));
    }

    @Test
    void consumingATopicThatIsNotThereIsNotFound() {
        assertThat(kafka("consume", "nowhere", "--from-beginning", "--timeout", "1000")
                        .exitCode())
                .isEqualTo(3);
    }

    @Test
    void theWorkersGroupIsListed() {
        assertThat(kafka("groups", "list").out()).contains("connect-cluster");
        assertThat(kafka("groups", "describe", "no-such-group").exitCode()).isEqualTo(3);
    }

    @Test
    void aGroupOfWorkersIsDescribedAlthoughItReadsNoPartitions() {
        CommandLineRun run = kafka("groups", "describe", "connect-cluster");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("Classic", "connect", "Stable").contains("MEMBER");
        assertThat(run.err()).contains("read no partitions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aLiveGroupOfEachProtocolIsDescribedBeforeItsFirstCommit(String protocol) {
        String topic = "read-by-" + protocol;
        assertThat(kafka("topics", "create", topic).exitCode()).isZero();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        peer.bootstrapServers(),
                        "group.id",
                        "group-" + protocol,
                        "group.protocol",
                        protocol,
                        "client.id",
                        "clerk",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(LONG_ENOUGH).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
            CommandLineRun run = kafka("groups", "describe", "group-" + protocol);
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.out())
                    .containsIgnoringCase(protocol)
                    .contains("clerk", topic + "-0")
                    .containsPattern(topic + " +0 +- +0 +-");
        }
    }

    @Test
    void aShareGroupIsDescribed() {
        assertThat(kafka("topics", "create", "shared").exitCode()).isZero();
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", peer.bootstrapServers(), "group.id", "sharers", "client.id", "clerk"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("shared"));
            await().atMost(LONG_ENOUGH).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(100));
                CommandLineRun run = kafka("groups", "describe", "sharers");
                assertThat(run.exitCode()).as(run.err()).isZero();
                assertThat(run.out()).contains("Share", "clerk", "shared-0");
            });
        }
    }

    private static void awaitInList(String name, String state) {
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(connect("connectors", "list").out())
                        .containsPattern("(?m)^" + name + " .*" + state));
    }

    private static String sinkFile(String name, Map<String, String> config) throws IOException {
        ObjectMapper json = new ObjectMapper();
        var connector = json.createObjectNode().put("name", name).put("connector.class", SINK);
        connector.put("file", folder.resolve(name + ".out").toString());
        config.forEach(connector::put);
        return Files.writeString(folder.resolve(name + ".json"), connector.toString())
                .toString();
    }

    private static CommandLineRun connect(String... words) {
        return run(words, "--url", peer.restUrl());
    }

    private static CommandLineRun kafka(String... words) {
        return run(words, "--bootstrap-server", peer.bootstrapServers());
    }

    private static CommandLineRun run(String[] words, String option, String value) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(option);
        all.add(value);
        return levada(all.toArray(String[]::new));
    }
}
