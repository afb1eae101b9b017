/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** Apache's own Connect worker, as a process of its own, with its MBeans. */
final class ApacheConnect implements AutoCloseable {
    private static final Path PEERS = Path.of("..", "test-peers", "target");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final JMXConnector jmx;
    private final String address;

    private ApacheConnect(Process process, JMXConnector jmx, String address) {
        this.process = process;
        this.jmx = jmx;
        this.address = address;
    }

    /** Starts a worker that keeps its state on the given brokers. */
    static ApacheConnect start(Path folder, String bootstrapServers) throws IOException {
        Path properties = Files.writeString(
                folder.resolve("apache-connect.properties"),
                String.join(
                        "\n",
                        "bootstrap.servers=" + bootstrapServers,
                        "group.id=apache-connect",
                        "key.converter=org.apache.kafka.connect.storage.StringConverter",
                        "value.converter=org.apache.kafka.connect.storage.StringConverter",
                        "config.storage.topic=apache-configs",
                        "offset.storage.topic=apache-offsets",
                        "status.storage.topic=apache-statuses",
                        "config.storage.replication.factor=1",
                        "offset.storage.replication.factor=1",
                        "status.storage.replication.factor=1",
                        "offset.storage.partitions=1",
                        "status.storage.partitions=1",
                        "plugin.path=" + PEERS.resolve("plugins").toAbsolutePath(),
                        "plugin.discovery=only_scan",
                        "listeners=http://127.0.0.1:0"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                PEERS.resolve("kafka/libs").toAbsolutePath() + "/*",
                "org.apache.kafka.connect.cli.ConnectDistributed",
                properties.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("apache-connect.log").toFile())
                .start();
        try {
            JMXConnector jmx =
                    await().atMost(PATIENCE).ignoreExceptions().until(() -> attached(process.pid()), Objects::nonNull);
            String address = await().atMost(PATIENCE).until(() -> address(jmx), Objects::nonNull);
            return new ApacheConnect(process, jmx, address);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    @SuppressWarnings("BanJNDI") // A process that this test has started, over an address that it has told.
    private static JMXConnector attached(long pid) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
        } finally {
            machine.detach();
        }
    }

    /** Its id is where its REST API listens. */
    private static @Nullable String address(JMXConnector jmx) throws IOException, MalformedObjectNameException {
        return jmx
                .getMBeanServerConnection()
                .queryNames(new ObjectName("kafka.connect:type=app-info,id=*"), null)
                .stream()
                .map(name -> ObjectName.unquote(name.getKeyProperty("id")))
                .filter(id -> id.startsWith("127.0.0.1:"))
                .findFirst()
                .orElse(null);
    }

    /** Creates a connector; the API takes it once the worker has joined its group. */
    void create(String name, String json) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + address + "/connectors/" + name + "/config"))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(
                        () -> HttpClient.newHttpClient()
                                .send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode(),
                        Set.of(200, 201)::contains);
    }

    MBeanServerConnection beans() {
        try {
            return jmx.getMBeanServerConnection();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** JSON of a config whose values need no escapes. */
    static String json(Map<String, String> config) {
        return config.entrySet().stream()
                .map(entry -> '"' + entry.getKey() + "\":\"" + entry.getValue() + '"')
                .collect(java.util.stream.Collectors.joining(",", "{", "}"));
    }

    @Override
    public void close() throws IOException {
        jmx.close();
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
