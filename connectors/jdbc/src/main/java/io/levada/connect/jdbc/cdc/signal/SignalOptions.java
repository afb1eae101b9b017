/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.api.WorkerKafka;
import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** How a running capture is asked for something. */
public record SignalOptions(
        @Option(
                name = "signal.enabled.channels",
                doc =
                        "Where signals come from: source, the table of signal.data.collection; kafka, the topic signal.kafka.topic; file,"
                                + " the file signal.file. Whoever may write there runs conditions as database.user.",
                defaultValue = "source",
                group = "Signals")
        List<String> channels,

        @Option(
                name = "signal.data.collection",
                doc =
                        "A table, such as public.signals, with the columns id, type and data, all of them text. A row that is inserted"
                                + " asks for something: execute-snapshot, stop-snapshot, pause-snapshot, resume-snapshot or log.",
                defaultValue = "",
                group = "Signals")
        String collection,

        @Option(
                name = "signal.kafka.topic",
                doc =
                        "A topic, of which the first partition is read. A record whose key is topic.prefix asks for something: its value"
                                + " is a JSON object with id, type and data. Not set means topic.prefix and -signal.",
                defaultValue = "",
                group = "Signals")
        String topic,

        @Option(
                name = "signal.kafka.bootstrap.servers",
                doc =
                        "The brokers of that topic. Not set means the worker's own, if the worker is Levada's; others do not say which"
                                + " these are.",
                defaultValue = "",
                group = "Signals")
        String bootstrapServers,

        @Option(
                name = "signal.kafka.groupId",
                doc =
                        "The consumer group that a task which has stored no signal of the topic goes on from; without one it begins with"
                                + " the oldest, or where signal.consumer.auto.offset.reset says. Connectors that share a topic need"
                                + " groups of their own.",
                defaultValue = "kafka-signal",
                importance = Importance.LOW,
                group = "Signals")
        String groupId,

        @Option(
                name = "signal.file",
                doc =
                        "A file on the worker's machine, of which each line is a JSON object with id, type and data; one whose first line"
                                + " is none is left alone. Once taken it is gone; its folder must be writable.",
                defaultValue = "file-signals.txt",
                group = "Signals")
        Path file,

        @Option(
                name = "signal.poll.interval.ms",
                doc =
                        "Milliseconds between two looks for the file, and for the topic as long as it is not there or cannot be read.",
                defaultValue = "5000",
                min = 1,
                importance = Importance.LOW,
                group = "Signals")
        Duration pollInterval) {

    /** What keys of the topic's consumer begin with. */
    public static final String CONSUMER = "signal.consumer.";

    private static final String BROKERS = "bootstrap.servers";
    private static final String SOURCE = "source";
    private static final String KAFKA = "kafka";
    private static final String FILE = "file";

    public SignalOptions {
        for (String channel : channels) {
            if (!List.of(SOURCE, KAFKA, FILE).contains(channel)) {
                throw new OptionException("signal.enabled.channels", channel, "is not one of: source, kafka, file");
            }
        }
        if (!collection.isBlank() && name(collection) == null) {
            throw new OptionException(
                    "signal.data.collection", collection, "must be a schema and a table, such as public.signals");
        }
    }

    /** The table that is written to for asking; null for none. */
    public @Nullable TableName table() {
        return channels.contains(SOURCE) ? name(collection.strip()) : null;
    }

    private static @Nullable TableName name(String text) {
        int dot = text.indexOf('.');
        return dot <= 0 || dot == text.length() - 1
                ? null
                : new TableName(text.substring(0, dot), text.substring(dot + 1));
    }

    /**
     * The channels besides the table, as options say.
     *
     * @param config of the task, for keys of the consumer and the connector's name
     * @param prefix topic.prefix
     * @param lent the worker's brokers, if it lends them
     * @throws ConnectException if nobody says which brokers have the topic, or the worker refuses keys of the consumer
     */
    public SignalChannel.Opener besides(Map<String, String> config, String prefix, @Nullable WorkerKafka lent) {
        boolean kafka = channels.contains(KAFKA);
        String name = config.getOrDefault("name", "postgres");
        Supplier<Consumer<byte[], byte[]>> consumers = kafka ? consumers(consumer(config, name), lent) : null;
        return from -> {
            List<SignalChannel> opened = new ArrayList<>();
            if (channels.contains(FILE)) {
                opened.add(new SignalFile(file, pollInterval, from));
            }
            if (consumers != null) {
                opened.add(new SignalTopic(
                        topic.isBlank() ? prefix + "-signal" : topic.strip(),
                        prefix,
                        pollInterval,
                        consumers,
                        from,
                        name));
            }
            return opened;
        };
    }

    /** Of the brokers that are named, which must not see the worker's login; or of the worker's own. */
    private static Supplier<Consumer<byte[], byte[]>> consumers(
            Map<String, Object> settings, @Nullable WorkerKafka lent) {
        if (settings.containsKey(BROKERS)) {
            return () -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        if (lent == null) {
            throw new ConnectException("signal.kafka.bootstrap.servers must say which brokers have the signal topic, as"
                    + " signal.enabled.channels has kafka, and this worker does not say which are its own");
        }
        try {
            return lent.consumers(settings);
        } catch (ConfigException e) {
            throw new ConnectException(
                    "signal.consumer.* keys are refused. Remove these, or name brokers to log in to by signal.kafka.bootstrap.servers. "
                            + e.getMessage(),
                    e);
        }
    }

    private Map<String, Object> consumer(Map<String, String> config, String name) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("client.id", "levada-cdc-signals-" + name);
        settings.put("group.id", groupId);
        settings.put("auto.offset.reset", "earliest");
        settings.put("allow.auto.create.topics", false);
        if (!bootstrapServers.isBlank()) {
            settings.put(BROKERS, bootstrapServers.strip());
        }
        config.forEach((key, value) -> {
            if (key.startsWith(CONSUMER)) {
                settings.put(key.substring(CONSUMER.length()), value);
            }
        });
        settings.put("enable.auto.commit", false);
        settings.keySet().removeAll(List.of("key.deserializer", "value.deserializer", "group.instance.id"));
        return settings;
    }
}
