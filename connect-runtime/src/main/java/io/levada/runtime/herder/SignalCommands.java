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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
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

    // Together within the 90 seconds in which REST answers: whoever is told that a signal could not be written sends it
    // again.
    private static final Duration REQUEST_MAX = Duration.ofSeconds(10);
    private static final Duration CREATE_MAX = Duration.ofSeconds(20);
    private static final Duration FIND_MAX = Duration.ofSeconds(20);
    private static final Duration DELIVERY_MAX = Duration.ofSeconds(20);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

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
        String topic = topic(config, key);
        Map<String, Object> settings = bounded(clients.signals(name, config));
        create(topic, settings);
        Producer<byte[], byte[]> producer = new KafkaProducer<>(settings);
        try {
            RecordMetadata written = producer.send(new ProducerRecord<>(
                            topic, 0, key.getBytes(StandardCharsets.UTF_8), json.getBytes(StandardCharsets.UTF_8)))
                    .get(DELIVERY_MAX.plus(CLOSE_MAX).toMillis(), TimeUnit.MILLISECONDS);
            return new WrittenSignal(topic, written.partition(), written.offset());
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = reason(e);
            throw new ConnectException(
                    "The signal for connector " + name + " cannot be written to topic " + topic + ": " + cause, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted while a signal was written", e);
        } finally {
            producer.close(CLOSE_MAX); // what is not sent by then is not sent later either
        }
    }

    /** As the connector's task has it. */
    static String topic(Map<String, @Nullable String> config, String key) {
        String named = Settings.text(config, "signal.kafka.topic", "");
        return named.isEmpty() ? key + "-signal" : named;
    }

    /** The settings of clients that give up in time, whatever else they say. */
    static Map<String, Object> bounded(Map<String, Object> settings) {
        Map<String, Object> bounded = new HashMap<>(settings);
        bounded.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        bounded.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(REQUEST_MAX.toMillis()));
        bounded.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(DELIVERY_MAX.toMillis()));
        bounded.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(FIND_MAX.toMillis()));
        bounded.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(CREATE_MAX.toMillis()));
        return bounded;
    }

    private static Throwable reason(Exception e) {
        return e.getCause() == null ? e : e.getCause();
    }

    /** With one partition, since no other is read. Where that is not allowed, somebody else may have made it. */
    private static void create(String topic, Map<String, Object> settings) {
        Admin admin = Admin.create(settings);
        try {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get(CREATE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", reason(e).toString())
                        .log("cannot make the topic for signals");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            admin.close(CLOSE_MAX);
        }
    }
}
