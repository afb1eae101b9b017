/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
            ""
        })
public final class ConsumeCommand implements Runnable {
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "TOPIC", description = "The topic.")
    private String topic;

    @Option(names = "--from-beginning", description = "From the oldest record instead of the next one.")
    private boolean fromBeginning;

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

    @Option(names = "--key-separator", paramLabel = "TEXT", description = "Print the key and this before the value.")
    private @Nullable String keySeparator;

    @Override
    public void run() {
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(consumerProperties(), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions(consumer));
            position(consumer);
            print(consumer);
        } catch (RuntimeException failure) {
            throw KafkaProblem.from("consume topic '" + topic + "'", kafka.bootstrapServers(), failure);
        }
    }

    private Properties consumerProperties() {
        Properties properties = kafka.clientProperties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, fromBeginning ? "earliest" : "latest");
        return properties;
    }

    private List<TopicPartition> partitions(KafkaConsumer<String, String> consumer) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new UnknownTopicOrPartitionException("there is no topic '" + topic + "'");
        }
        return partitions.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void position(KafkaConsumer<String, String> consumer) {
        if (fromBeginning) {
            consumer.seekToBeginning(consumer.assignment());
        } else {
            consumer.seekToEnd(consumer.assignment());
        }
    }

    private void print(KafkaConsumer<String, String> consumer) {
        PrintWriter out = spec.commandLine().getOut();
        long printed = 0;
        long lastRecordNanos = System.nanoTime();
        while (printed < limit && !waitedTooLong(lastRecordNanos) && !out.checkError()) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                if (printed++ == limit) {
                    break;
                }
                out.println(line(record));
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
}
