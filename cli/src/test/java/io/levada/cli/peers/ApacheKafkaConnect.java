/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.Uuid;

/** One broker (KRaft) and one distributed worker of Apache's, from the jars that module test-peers collects. */
public final class ApacheKafkaConnect implements AutoCloseable {
    private static final Path PEERS =
            Path.of("../test-peers/target").toAbsolutePath().normalize();
    private static final Duration START_MAX = Duration.ofMinutes(2);

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final int brokerPort = freePort();
    private final int restPort = freePort();

    private ApacheKafkaConnect(Path folder) {
        this.folder = folder;
    }

    /** Where Apache's file connectors are, as a folder for plugin.path. */
    public static Path pluginPath() {
        return PEERS.resolve("plugins");
    }

    /** Starts both and waits until the worker answers. */
    public static ApacheKafkaConnect start(Path folder) throws IOException {
        assertThat(PEERS.resolve("kafka/libs"))
                .as("Apache's jars; ./mvnw -pl test-peers generate-test-resources collects them")
                .isDirectory();
        Files.createDirectories(folder);
        ApacheKafkaConnect peer = new ApacheKafkaConnect(folder);
        try {
            peer.startBroker();
            peer.startWorker();
            return peer;
        } catch (IOException | RuntimeException | Error failure) {
            peer.close();
            throw failure;
        }
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    public String restUrl() {
        return "http://127.0.0.1:" + restPort;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }

    private void startBroker() throws IOException {
        int controllerPort = freePort();
        Path properties = Files.writeString(
                folder.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                group.initial.rebalance.delay.ms=0
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                """.formatted(brokerPort, controllerPort, folder.resolve("logs")));
        Process format = java(
                "format",
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                properties.toString());
        await().atMost(START_MAX).until(() -> !format.isAlive());
        java("broker", "kafka.Kafka", properties.toString());
        await().atMost(START_MAX).until(() -> connects(brokerPort));
    }

    private void startWorker() throws IOException {
        Path properties = Files.writeString(
                folder.resolve("worker.properties"), """
                bootstrap.servers=127.0.0.1:%d
                listeners=http://127.0.0.1:%d
                plugin.path=%s
                group.id=connect-cluster
                key.converter=org.apache.kafka.connect.storage.StringConverter
                value.converter=org.apache.kafka.connect.storage.StringConverter
                config.storage.topic=connect-configs
                offset.storage.topic=connect-offsets
                status.storage.topic=connect-status
                config.storage.replication.factor=1
                offset.storage.replication.factor=1
                status.storage.replication.factor=1
                """.formatted(brokerPort, restPort, pluginPath()));
        java("worker", "org.apache.kafka.connect.cli.ConnectDistributed", properties.toString());
        await().atMost(START_MAX).until(this::answers);
    }

    private Process java(String log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                PEERS.resolve("kafka/libs") + "/*"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private boolean answers() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(restUrl() + "/connectors"))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean connects(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        while (true) {
            // Below the ephemeral range: in that, a client of another process may take the port before the server does.
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException ignored) {
                // Somebody else has it: try another.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
