/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        CompletableFuture<CommandLineRun> run = CompletableFuture.supplyAsync(() -> worker(
                "-o",
                "group.id=g",
                "-o",
                "key.converter=org.apache.kafka.connect.storage.StringConverter",
                "-o",
                "value.converter=org.apache.kafka.connect.storage.StringConverter",
                "-o",
                "broker.listeners=PLAINTEXT://" + broker));
        while (!run.isDone()) {
            takeItsPlace(broker, run);
        }

        assertFails(
                run.get(60, TimeUnit.SECONDS),
                "the worker can do nothing of what it is asked any more and ends",
                "Start it again.");
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
