/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/** Apache Kafka as one node that is broker and controller, in a process of its own, on a data directory that a test looks into. */
public final class KafkaNode {
    public static final String CLUSTER_ID = "4L6g3nShT-eMCtK--X86sw";

    private final Path dir;
    private final int port;
    private final Path config;

    /** What a test does while Kafka runs. */
    @FunctionalInterface
    public interface Use {
        void with(Map<String, Object> client) throws Exception;
    }

    /** Makes an empty data directory under {@code dir}; {@code properties} are lines of its configuration. */
    public static KafkaNode formatted(Path dir, String... properties) throws Exception {
        KafkaNode node = new KafkaNode(dir, properties);
        Process format =
                node.start("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", node.config.toString());
        assertThat(format.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(format.exitValue()).as(Files.readString(node.output())).isZero();
        return node;
    }

    private KafkaNode(Path dir, String... properties) throws IOException {
        this.dir = dir;
        this.port = TestBroker.freePort();
        int controllerPort = TestBroker.freePort();
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@localhost:" + controllerPort,
                "listeners=PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "advertised.listeners=PLAINTEXT://localhost:" + port,
                "controller.listener.names=CONTROLLER",
                "offsets.topic.num.partitions=1",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "log.segment.bytes=1048576",
                "log.dirs=" + data()));
        lines.addAll(Arrays.asList(properties));
        this.config = Files.writeString(dir.resolve("server.properties"), String.join("\n", lines));
    }

    public Path data() {
        return dir.resolve("data");
    }

    /** Starts it, waits until it serves, and stops it in order afterwards. */
    public void running(Use use) throws Exception {
        Process kafka = start("kafka.Kafka", config.toString());
        try {
            Map<String, Object> client = Map.of("bootstrap.servers", "localhost:" + port);
            try (Admin admin = Admin.create(client)) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .ignoreExceptions()
                        .until(() -> !admin.describeCluster()
                                .nodes()
                                .get(30, TimeUnit.SECONDS)
                                .isEmpty());
                use.with(client);
            }
        } finally {
            kafka.destroy();
            if (!kafka.waitFor(120, TimeUnit.SECONDS)) {
                kafka.destroyForcibly();
            }
        }
    }

    private Process start(String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                KafkaPeer.classPath()));
        whole.addAll(List.of(command));
        return new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile()))
                .start();
    }

    private Path output() {
        return dir.resolve("kafka.out");
    }
}
