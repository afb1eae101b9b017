/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/** Apache Kafka itself, one node, as a process of its own. */
final class ApacheKafka implements AutoCloseable {
    private static final Path LIBS = Path.of("..", "test-peers", "target", "kafka", "libs");
    private static final List<String> SMALL_JVM = List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Process process;
    private final int port;
    private final int loginPort;

    private ApacheKafka(Process process, int port, int loginPort) {
        this.process = process;
        this.port = port;
        this.loginPort = loginPort;
    }

    /** Starts it in a folder; fails on a checkout that has not fetched Kafka's jars. */
    static ApacheKafka start(Path folder) throws IOException, InterruptedException {
        return start(folder, "");
    }

    /**
     * Starts one with ACLs: who comes by {@link #bootstrapServers} may do everything, who logs in by {@link #serversForLogin} with SASL PLAIN
     * what is granted.
     *
     * @param users name and password of each, as Kafka's PlainLoginModule has them
     */
    static ApacheKafka startWithAcls(Path folder, Map<String, String> users) throws IOException, InterruptedException {
        return start(
                folder,
                users.entrySet().stream()
                        .map(user -> " user_" + user.getKey() + "=\"" + user.getValue() + "\"")
                        .collect(Collectors.joining()));
    }

    private static ApacheKafka start(Path folder, String users) throws IOException, InterruptedException {
        if (!Files.isDirectory(LIBS)) {
            throw new IllegalStateException(
                    "Apache Kafka's jars are missing: make them with ./mvnw -pl test-peers generate-test-resources");
        }
        int port = freePort();
        int controller = freePort();
        int login = freePort();
        String loginListener = users.isEmpty() ? "" : ",LOGIN://127.0.0.1:" + login;
        Path properties = Files.writeString(
                folder.resolve("server.properties"),
                String.join(
                        "\n",
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controller,
                        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller
                                + loginListener,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port + loginListener,
                        users.isEmpty() ? "" : acls(users),
                        "controller.listener.names=CONTROLLER",
                        "log.dirs=" + folder.resolve("logs"),
                        "offsets.topic.replication.factor=1",
                        "offsets.topic.num.partitions=5",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "group.initial.rebalance.delay.ms=0"));
        java(
                        folder,
                        "format.log",
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        properties.toString())
                .waitFor(120, TimeUnit.SECONDS);
        ApacheKafka kafka =
                new ApacheKafka(java(folder, "broker.log", "kafka.Kafka", properties.toString()), port, login);
        await().atMost(Duration.ofMinutes(2)).until(kafka::listens);
        return kafka;
    }

    private static String acls(String users) {
        return String.join(
                "\n",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT",
                "inter.broker.listener.name=PLAINTEXT",
                "listener.name.login.sasl.enabled.mechanisms=PLAIN",
                "listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + users + ";",
                "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users=User:ANONYMOUS");
    }

    String serversForLogin() {
        return "127.0.0.1:" + loginPort;
    }

    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A class of Apache's in a process of its own, which says what it says into a file of the folder. */
    static Process java(Path folder, String log, String... command) throws IOException {
        List<String> line = Stream.of(
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString()),
                        SMALL_JVM,
                        List.of("-cp", LIBS.toAbsolutePath() + "/*"),
                        List.of(command))
                .flatMap(List::stream)
                .toList();
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile())
                .start();
    }

    static int freePort() throws IOException {
        while (true) {
            // Below the ephemeral range: in that, a client of another process may take the port before the server does.
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException ignored) {
                // Somebody else has it: try another.
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
