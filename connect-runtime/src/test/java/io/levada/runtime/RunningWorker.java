/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.herder.ConnectorInfo;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.ConnectorStatus;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.herder.ReportedState;
import io.levada.runtime.metrics.ExpositionPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** A worker under test, in the words of its users. */
final class RunningWorker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Map<String, String> properties = new HashMap<>();
    private Worker worker;

    RunningWorker(Map<String, String> broker, Map<String, String> more) {
        properties.put("listeners", "http://localhost:0");
        properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        properties.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        properties.put("offset.flush.interval.ms", "200");
        properties.put("config.storage.replication.factor", "1");
        properties.put("offset.storage.replication.factor", "1");
        properties.put("status.storage.replication.factor", "1");
        properties.put("errors.restart.delay.ms", "200");
        properties.putAll(broker);
        properties.putAll(more);
        worker = Worker.start(WorkerConfig.from(properties));
    }

    /** Stops the worker in order and starts it again over the same data. */
    void restart() {
        worker.close();
        worker = Worker.start(WorkerConfig.from(properties));
    }

    /** Stops the worker before this is closed. */
    void end() {
        worker.close();
    }

    Herder herder() {
        return worker.herder();
    }

    String bootstrapServers() {
        return worker.bootstrapServers();
    }

    /** The page {@code GET /metrics}. */
    ExpositionPage metrics() {
        return ExpositionPage.parse(rest("/metrics", PATIENCE).body());
    }

    /** The answer of the REST API to a GET; an error if none comes in time. */
    HttpResponse<String> rest(String path, Duration time) {
        return rest("GET", path, "", time);
    }

    /** The answer of the REST API; an error if none comes in time. */
    HttpResponse<String> rest(String method, String path, String body, Duration time) {
        URI page = URI.create("http://localhost:" + worker.restPort() + path);
        HttpRequest request = HttpRequest.newBuilder(page)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(time)
                .build();
        try {
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    ConnectorInfo create(String name, Map<String, String> config) {
        return create(name, config, null);
    }

    ConnectorInfo create(String name, Map<String, String> config, @Nullable TargetState initial) {
        return get(herder().createConnector(new ConnectorName(name), named(name, config), initial));
    }

    void put(String name, Map<String, String> config) {
        get(herder().putConfig(new ConnectorName(name), named(name, config)));
    }

    void delete(String name) {
        get(herder().delete(new ConnectorName(name)));
    }

    private static Map<String, @Nullable String> named(String name, Map<String, String> config) {
        Map<String, @Nullable String> named = new LinkedHashMap<>(config);
        named.put("name", name);
        return named;
    }

    /** The status, if there is one. */
    @Nullable
    ConnectorStatus status(String name) {
        try {
            return get(herder().status(new ConnectorName(name)));
        } catch (ConnectorNotFoundException e) {
            return null;
        }
    }

    /** Waits until the connector says {@code connector} and its tasks say {@code tasks}. */
    void awaitStates(String name, String connector, String... tasks) {
        await().atMost(PATIENCE).until(() -> states(name), List.of(connector, List.of(tasks))::equals);
    }

    private List<Object> states(String name) {
        ConnectorStatus status = status(name);
        return status == null
                ? List.of()
                : List.of(
                        status.connector().state(),
                        status.tasks().stream()
                                .map(task -> task.reported().state())
                                .toList());
    }

    /** Waits until a task says {@code state}. */
    ReportedState awaitTask(String name, int task, String state) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            ConnectorStatus status = status(name);
                            return status == null || status.tasks().size() <= task
                                    ? new ReportedState("", "", null, null)
                                    : status.tasks().get(task).reported();
                        },
                        reported -> reported.state().equals(state));
    }

    /** The values in a topic that are committed, as text, once there are at least {@code count}. */
    List<String> values(String topic, int count) {
        return values(bootstrapServers(), topic, count);
    }

    /** The same of any broker. */
    static List<String> values(String bootstrapServers, String topic, int count) {
        return records(bootstrapServers, new TopicPartition(topic, 0), count, "read_committed").stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** The records of a topic's first partition, once there are at least {@code count}. */
    List<ConsumerRecord<String, byte[]>> records(String topic, int count) {
        return records(bootstrapServers(), new TopicPartition(topic, 0), count, "read_uncommitted");
    }

    /** The committed records of a partition, once there are at least {@code count}. */
    List<ConsumerRecord<String, byte[]>> records(String topic, int partition, int count) {
        return records(bootstrapServers(), new TopicPartition(topic, partition), count, "read_committed");
    }

    private static List<ConsumerRecord<String, byte[]>> records(
            String bootstrapServers, TopicPartition partition, int count, String isolation) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest", "isolation.level", isolation);
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(partition);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
                return found.size() >= count;
            });
            consumer.poll(Duration.ofMillis(200)).forEach(found::add);
        }
        return found;
    }

    /** The answer, or the exception that the herder gave. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
