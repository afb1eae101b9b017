/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Problem;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the values of a topic's records, one per line. It joins no group and commits nothing, so it disturbs nobody. */
@Command(
        name = "consume",
        header = {
            "Prints a topic's records, one line each.",
            "",
            "  levada consume orders --from-beginning -n 10",
            "  levada consume orders --from-beginning --timeout 2000 --key-separator :",
            "  levada consume orders --partition 0 --offset 42 -n 1 --output json",
            ""
        })
public final class ConsumeCommand implements Runnable {
    private static final List<String> ISOLATION_LEVELS = List.of("read_uncommitted", "read_committed");
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(names = "--from-beginning", description = "From the oldest record instead of the next one.")
    private boolean fromBeginning;

    @Option(names = "--partition", paramLabel = "N", description = "This partition alone.")
    private @Nullable Integer partition;

    @Option(names = "--offset", paramLabel = "N", description = "From this offset of the --partition.")
    private @Nullable Long offset;

    @Option(
            names = {"-n", "--max-messages"},
            paramLabel = "N",
            description = "End after so many records.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--timeout",
            paramLabel = "MS",
            description = "End when no record came for so long, in milliseconds.")
    private @Nullable Long timeoutMs;

    @Option(
            names = "--isolation-level",
            paramLabel = "LEVEL",
            description = "read_uncommitted, the default, shows records of open and aborted transactions too;"
                    + " read_committed does not.")
    private @Nullable String isolationLevel;

    @Option(names = "--key-separator", paramLabel = "TEXT", description = "Print the key and this before the value.")
    private @Nullable String keySeparator;

    @Override
    public void run() {
        checkOptions();
        String action = "consume topic '" + topic + "'";
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(consumerProperties(action), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions(action, consumer));
            position(action, consumer);
            print(consumer);
        } catch (RuntimeException failure) {
            throw kafka.problem(action, failure);
        }
    }

    private void checkOptions() {
        notNegative("--max-messages", limit);
        notNegative("--timeout", timeoutMs);
        notNegative("--partition", partition);
        notNegative("--offset", offset);
        if (offset != null && partition == null) {
            throw wrong("--offset needs --partition: each partition counts for itself");
        }
        if (offset != null && fromBeginning) {
            throw wrong("--offset and --from-beginning exclude each other");
        }
        if (isolationLevel != null && !ISOLATION_LEVELS.contains(isolationLevel)) {
            throw wrong("--isolation-level is read_uncommitted or read_committed, not '" + isolationLevel + "'");
        }
        if (keySeparator != null && output.isJson()) {
            throw wrong("--key-separator is for text; --output json has the key in a field of its own");
        }
    }

    private void notNegative(String name, @Nullable Number value) {
        if (value != null && value.longValue() < 0) {
            throw wrong(name + " cannot be negative: " + value);
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private Properties consumerProperties(String action) {
        Properties properties = kafka.clientProperties(action);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, fromBeginning ? "earliest" : "latest");
        if (isolationLevel != null) {
            properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel);
        }
        return properties;
    }

    private List<TopicPartition> partitions(String action, KafkaConsumer<String, String> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw KafkaProblem.missingTopic(
                    action, List.of(topic), consumer.listTopics().keySet());
        }
        List<PartitionInfo> wanted = partitions.stream()
                .filter(info -> partition == null || partition == info.partition())
                .toList();
        if (wanted.isEmpty()) {
            throw new Problem(
                    ExitCode.NOT_FOUND,
                    "cannot " + action,
                    "it has no partition " + partition + ", only 0 to " + (partitions.size() - 1),
                    "'levada topics describe " + topic + "' shows them.");
        }
        return online(action, wanted);
    }

    private List<TopicPartition> online(String action, List<PartitionInfo> wanted) {
        List<Integer> offline = wanted.stream()
                .filter(info -> KafkaProblem.isOffline(info.leader()))
                .map(PartitionInfo::partition)
                .sorted()
                .toList();
        if (offline.size() == wanted.size()) {
            throw KafkaProblem.offline(action, offline);
        }
        if (!offline.isEmpty()) {
            output.say("Without partitions that are offline: "
                    + offline.stream().map(Object::toString).collect(Collectors.joining(", ")) + ".");
        }
        return wanted.stream()
                .filter(info -> !offline.contains(info.partition()))
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void position(String action, KafkaConsumer<String, String> consumer) {
        if (offset != null) {
            for (TopicPartition assigned : consumer.assignment()) {
                long first = consumer.beginningOffsets(List.of(assigned)).getOrDefault(assigned, 0L);
                long next = consumer.endOffsets(List.of(assigned)).getOrDefault(assigned, 0L);
                if (offset < first || offset > next) {
                    throw new Problem(
                            ExitCode.NOT_FOUND,
                            "cannot " + action,
                            "partition " + partition + " has no offset " + offset + ": its first is " + first
                                    + ", its next will be " + next,
                            "'levada topics describe " + topic + "' shows them.");
                }
                consumer.seek(assigned, offset);
            }
        } else if (fromBeginning) {
            consumer.seekToBeginning(consumer.assignment());
        } else {
            consumer.seekToEnd(consumer.assignment());
        }
    }

    private void print(KafkaConsumer<String, String> consumer) {
        PrintWriter out = spec.commandLine().getOut();
        long printed = 0;
        long lastRecordNanos = System.nanoTime();
        // Each check of the output also notices that the reader of a pipe has left while no record came.
        while (printed < limit && !waitedTooLong(lastRecordNanos) && !out.checkError()) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                if (printed++ == limit) {
                    break;
                }
                out.println(output.isJson() ? json(record).toString() : line(record));
                lastRecordNanos = System.nanoTime();
            }
        }
        out.flush();
    }

    private boolean waitedTooLong(long lastRecordNanos) {
        return timeoutMs != null
                && System.nanoTime() - lastRecordNanos
                        > Duration.ofMillis(timeoutMs).toNanos();
    }

    private String line(ConsumerRecord<String, String> record) {
        return keySeparator == null ? String.valueOf(record.value()) : record.key() + keySeparator + record.value();
    }

    /** One line for each record; keys, values and headers as text, or null. */
    private static ObjectNode json(ConsumerRecord<String, String> record) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("topic", record.topic())
                .put("partition", record.partition())
                .put("offset", record.offset())
                .put("timestamp", record.timestamp())
                .put("key", record.key())
                .put("value", record.value());
        ArrayNode headers = json.putArray("headers");
        for (Header header : record.headers()) {
            headers.addObject()
                    .put("key", header.key())
                    .put("value", header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
        }
        return json;
    }
}
