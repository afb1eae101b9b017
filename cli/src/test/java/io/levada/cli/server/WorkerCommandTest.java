/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.levada.cli.CommandLineRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What keeps a worker from starting is one clear error and exit code 1, without a stack trace. */
final class WorkerCommandTest {
    @TempDir
    Path folder;

    @Test
    void aWorkerWhoseFilesAreAllBadEndsAndNamesEach() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"name\": ");
        Path unknown = Files.writeString(
                folder.resolve("unknown.json"), "{\"name\": \"u\", \"connector.class\": \"no.such.Connector\"}");
        assertFails(
                worker(
                        "-o",
                        "key.converter=org.apache.kafka.connect.storage.StringConverter",
                        "-o",
                        "value.converter=org.apache.kafka.connect.storage.StringConverter",
                        broken.toString(),
                        unknown.toString(),
                        "absent.json"),
                "broken.json",
                "malformed JSON at line 1",
                "absent.json",
                "there is no such file",
                "cannot create connector 'u'",
                "no.such.Connector",
                "the worker has nothing to run");
    }

    @Test
    void anOccupiedRestPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertFails(worker("-o", "listeners=http://127.0.0.1:" + port), port, "listeners");
        }
    }

    @Test
    void aBrokerThatOthersCanReachIsRefusedAsRestIs() {
        assertFails(worker("-o", "broker.listeners=PLAINTEXT://0.0.0.0:0"), "0.0.0.0:0", "broker.insecure=true");
        assertFails(worker("-o", "listeners=http://0.0.0.0:0"), "0.0.0.0:0", "rest.insecure=true");
    }

    @Test
    void aValueThatIsNotAllowedIsNamedWithItsKey() {
        assertFails(worker("-o", "offset.flush.interval.ms=soon"), "offset.flush.interval.ms", "soon");
    }

    /** It ends, so that whoever runs it starts it anew. */
    @Test
    void aWorkerThatHasLostItsPlaceForGoodEndsWithTheDocumentedCode() throws Exception {
        String broker = "localhost:" + freePort();
        CompletableFuture<CommandLineRun> run = running(broker);
        while (!run.isDone()) {
            takeItsPlace(broker, run);
        }

        assertFails(
                run.get(60, TimeUnit.SECONDS),
                "the worker can do nothing of what it is asked any more and ends",
                "Start it again.");
    }

    /** A fault of ours while a record of the worker's state is taken; here the log fails, which tells of a record that makes no sense. */
    @Test
    void aWorkerThatHasLostItsStateForGoodEndsWithTheDocumentedCode() throws Exception {
        String broker = "localhost:" + freePort();
        String rest = "http://localhost:" + freePort();
        CompletableFuture<CommandLineRun> run = running(broker, "-o", "listeners=" + rest);
        await().atMost(Duration.ofMinutes(2)).until(() -> run.isDone() || isReady(rest));
        Logger store = (Logger) LoggerFactory.getLogger("io.levada.runtime.topics.StateTopic");
        FullDisk disk = new FullDisk();
        store.addAppender(disk);
        try (KafkaProducer<String, String> other = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker), new StringSerializer(), new StringSerializer())) {
            other.send(new ProducerRecord<>("connect-configs", "connector-c", "no JSON"))
                    .get(60, TimeUnit.SECONDS);

            assertFails(
                    run.get(120, TimeUnit.SECONDS),
                    "the worker can do nothing of what it is asked any more and ends",
                    "a record of the topics [connect-configs-0] could not be taken",
                    "Start it again.");
        } finally {
            store.detachAppender(disk);
        }
    }

    private static boolean isReady(String rest) throws InterruptedException {
        try {
            HttpRequest health =
                    HttpRequest.newBuilder(URI.create(rest + "/health")).build();
            return HttpClient.newHttpClient()
                            .send(health, HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Takes no line, and says so to whoever logs. */
    private static final class FullDisk extends AppenderBase<ILoggingEvent> {
        @Override
        public synchronized void doAppend(ILoggingEvent event) {
            throw new UncheckedIOException(new IOException("no space left on device"));
        }

        @Override
        protected void append(ILoggingEvent event) {
            throw new UnsupportedOperationException("doAppend() has said all");
        }
    }

    /** Unless the worker is back first, or has not begun. */
    private static void takeItsPlace(String broker, CompletableFuture<CommandLineRun> run) {
        Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", broker, "group.id", "g"));
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        settings.put("default.api.timeout.ms", 10_000);
        settings.put("request.timeout.ms", 5_000);
        try (Admin admin = Admin.create(settings);
                KafkaConsumer<byte[], byte[]> other = new KafkaConsumer<>(settings)) {
            admin.removeMembersFromConsumerGroup(
                            "g",
                            new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("broker-inside"))))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            other.subscribe(List.of("nothing"));
            while (!run.isDone()) {
                other.poll(Duration.ofMillis(200));
            }
        } catch (ExecutionException | TimeoutException | KafkaException ignored) {
            // Tried again.
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** A worker with a group and a broker of its own, until it ends. */
    private CompletableFuture<CommandLineRun> running(String broker, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "-o",
                "group.id=g",
                "-o",
                "key.converter=org.apache.kafka.connect.storage.StringConverter",
                "-o",
                "value.converter=org.apache.kafka.connect.storage.StringConverter",
                "-o",
                "broker.listeners=PLAINTEXT://" + broker));
        words.addAll(List.of(more));
        return CompletableFuture.supplyAsync(() -> worker(words.toArray(String[]::new)));
    }

    private CommandLineRun worker(String... more) {
        List<String> words = new ArrayList<>(List.of(
                "worker",
                "-o",
                "data.dir=" + folder.resolve("data"),
                "-o",
                "listeners=http://localhost:0",
                "-o",
                "broker.listeners=PLAINTEXT://localhost:0"));
        words.addAll(List.of(more));
        return levada(words.toArray(String[]::new));
    }

    private static void assertFails(CommandLineRun run, String... mentions) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("levada: ").contains(mentions).doesNotContain("\tat ");
    }
}
