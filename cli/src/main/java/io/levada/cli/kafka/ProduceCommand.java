/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import io.levada.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Each line of standard input is a record; the verb ends when all are acknowledged by acks=all. */
@Command(
        name = "produce",
        header = {
            "Writes each line of standard input as a record.",
            "",
            "  echo hello | levada produce greetings",
            "  levada produce orders --key-separator : < orders.txt",
            ""
        })
public final class ProduceCommand implements Runnable {
    private static final int DELIVERY_TIMEOUT_MS = 30_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "What stands before it is the key; a line without it has none.")
    private @Nullable String keySeparator;

    @Option(names = "--header", paramLabel = "KEY=VALUE", description = "A header of every record; repeatable.")
    private Map<String, String> headers = Map.of();

    @Override
    public void run() {
        String action = "produce to topic '" + topic + "'";
        try {
            report(produceAll(action));
        } catch (IOException unreadable) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot " + action,
                    "cannot read standard input: " + unreadable.getMessage(),
                    "Pipe the records in, or read a file: 'levada produce " + topic + " < FILE'.",
                    unreadable);
        } catch (Exception failure) {
            throw kafka.problem(action, knownTopic(action, failure));
        }
    }

    private long produceAll(String action) throws Exception {
        AtomicReference<@Nullable Exception> firstFailure = new AtomicReference<>();
        long sent = 0;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(producerProperties(action), new StringSerializer(), new StringSerializer())) {
            for (String line = in.readLine(); line != null && firstFailure.get() == null; line = in.readLine()) {
                var ignored = producer.send(record(line), (metadata, failure) -> { // the callback tells
                    if (failure != null) {
                        firstFailure.compareAndSet(null, failure);
                    }
                });
                sent++;
                flushWhenIdle(in, producer);
            }
            producer.flush();
        }
        Exception failure = firstFailure.get();
        if (failure != null) {
            throw failure;
        }
        return sent;
    }

    /** Somebody who types wants each line to go at once; a pipe is better served by full batches. */
    private static void flushWhenIdle(BufferedReader in, KafkaProducer<String, String> producer) throws IOException {
        if (Terminal.isInteractive() && !in.ready()) {
            producer.flush();
        }
    }

    private Properties producerProperties(String action) {
        Properties properties = kafka.clientProperties(action);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.remove("default.api.timeout.ms");
        return properties;
    }

    private ProducerRecord<String, String> record(String line) {
        int separator = keySeparator == null ? -1 : line.indexOf(keySeparator);
        ProducerRecord<String, String> record = keySeparator == null || separator < 0
                ? new ProducerRecord<>(topic, line)
                : new ProducerRecord<>(
                        topic, line.substring(0, separator), line.substring(separator + keySeparator.length()));
        headers.forEach((key, value) -> record.headers().add(key, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** A producer only says that it knows no partition in time; whether the broker has such a topic at all is another question. */
    private Exception knownTopic(String action, Exception failure) {
        if (!(failure instanceof TimeoutException)) {
            return failure;
        }
        Set<String> topics = kafka.withAdmin(
                action,
                admin -> admin.listTopics(new ListTopicsOptions().listInternal(true))
                        .names()
                        .get());
        if (!topics.contains(topic)) {
            return KafkaProblem.missingTopic(action, List.of(topic), topics);
        }
        List<Integer> offline = kafka.withAdmin(
                action,
                admin -> admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(described -> described.partitions().stream())
                        .filter(partition -> KafkaProblem.isOffline(partition.leader()))
                        .map(TopicPartitionInfo::partition)
                        .toList());
        return offline.isEmpty() ? failure : KafkaProblem.offline(action, offline);
    }

    private void report(long sent) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("Wrote " + sent + (sent == 1 ? " record to " : " records to ") + topic + ".");
        err.flush();
    }
}
