/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.task.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes signals for connectors that read them from a topic, as Debezium's and ours for change capture do. A topic knows neither on
 * which worker the task is, nor whether it runs: whoever runs it next reads on where the last has stopped.
 */
final class SignalCommands {
    private static final Logger LOGGER = LoggerFactory.getLogger(SignalCommands.class);

    /** Within the time in which REST answers. */
    private static final Duration WRITE_MAX = Duration.ofSeconds(30);

    private static final String CHANNELS = "signal.enabled.channels";

    private final Queries queries;
    private final ClientConfigs clients;
    private final Secrets secrets;
    private final PluginJobs jobs;

    SignalCommands(Queries queries, ClientConfigs clients, Secrets secrets, PluginJobs jobs) {
        this.queries = queries;
        this.clients = clients;
        this.secrets = secrets;
        this.jobs = jobs;
    }

    /** Called on the herder's thread. */
    CompletionStage<WrittenSignal> write(ConnectorName name, String json) {
        Map<String, @Nullable String> config = queries.entry(name).config();
        return jobs.run(name, () -> secrets.with(config, resolved -> write(name, resolved, json)))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Failures.unwrap(failure)));
    }

    private WrittenSignal write(ConnectorName name, Map<String, @Nullable String> config, String json) {
        String key = Settings.text(config, "topic.prefix", "");
        List<String> channels = Arrays.stream(
                        Settings.text(config, CHANNELS, "source").split(","))
                .map(String::strip)
                .toList();
        if (key.isEmpty() || !channels.contains("kafka")) {
            throw new BadRequestException("Connector " + name
                    + " reads no signals from a topic: its config needs topic.prefix, and"
                    + " kafka in " + CHANNELS + ". For a connector that captures changes, PATCH /connectors/" + name
                    + "/config with {\"" + CHANNELS + "\": \"source,kafka\"}, and send the signal again");
        }
        String topic = Settings.text(config, "signal.kafka.topic", key + "-signal");
        Map<String, Object> settings = clients.signals(name, config);
        create(topic, settings);
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            RecordMetadata written = producer.send(new ProducerRecord<>(
                            topic, 0, key.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8)))
                    .get(WRITE_MAX.toMillis(), TimeUnit.MILLISECONDS);
            return new WrittenSignal(topic, written.partition(), written.offset());
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
            throw new ConnectException(
                    "The signal for connector " + name + " cannot be written to topic " + topic + ": " + cause, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while a signal was written", e);
        }
    }

    /** With one partition, since no other is read. Where that is not allowed, somebody else may have made it. */
    private static void create(String topic, Map<String, Object> settings) {
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get(WRITE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", String.valueOf(e.getCause()))
                        .log("cannot make the topic for signals");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
