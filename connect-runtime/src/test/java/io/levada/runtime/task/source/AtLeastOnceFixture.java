/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.OfflineServices;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Reports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A delivery at least once over a producer in memory; its one transform drops 13. Time is the test's. */
final class AtLeastOnceFixture implements AutoCloseable {
    /** How long the end waits, and a commit. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** What the plugin and the offset store were told, in order. */
    final List<String> told = new CopyOnWriteArrayList<>();

    final List<String> topics = new ArrayList<>();
    final Sending producer = new Sending();
    final NotedOffsets offsets = new NotedOffsets(told::add);
    final SteppedThreads threads = new SteppedThreads();
    final FlushesByHand flushes = new FlushesByHand();
    final TaskControl control = new TaskControl(false, threads);
    int worked;
    private final WorkerMeters meters = WorkerMeters.overJmx("at-least-once-test:" + NUMBER.incrementAndGet());

    /** Keeps what it is given until the test answers, in any order. */
    static final class Sending extends MockProducer<byte[], byte[]> {
        /** What send() throws next. */
        @Nullable
        Supplier<RuntimeException> refuses;

        private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final List<@Nullable Callback> callbacks = new ArrayList<>();

        private Sending() {
            super(TransactionalFixture.CLUSTER, false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (refuses != null) {
                throw refuses.get();
            }
            records.add(record);
            callbacks.add(callback);
            return new CompletableFuture<>();
        }

        List<String> sent() {
            return records.stream()
                    .map(record -> new String(record.value(), UTF_8))
                    .toList();
        }

        /** The brokers have the record with this place among those that were sent, from 0 on. */
        void acknowledge(int... places) {
            for (int place : places) {
                TopicPartition where = new TopicPartition(records.get(place).topic(), 0);
                answer(place, new RecordMetadata(where, place, 0, 0, 0, 0), null);
            }
        }

        /** They refuse it; as Kafka's producer does, it says where the record would have gone. */
        void refuse(int place, Exception how) {
            TopicPartition where = new TopicPartition(records.get(place).topic(), 0);
            answer(place, new RecordMetadata(where, -1, -1, -1, -1, -1), how);
        }

        private void answer(int place, RecordMetadata metadata, @Nullable Exception refused) {
            Callback callback = callbacks.get(place);
            if (callback != null) {
                callback.onCompletion(metadata, refused);
            }
        }
    }

    /** Begun, with these keys in its connector's config. */
    AtLeastOnce delivery(String... keysAndValues) {
        TaskId id = new ConnectorName("c").task(0);
        Map<String, @Nullable String> config = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        config.put("connector.class", ScriptedSource.class.getName());
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("transforms", "t");
        config.put("transforms.t.type", DropEvery.class.getName());
        config.put("transforms.t.value", "13");
        TaskMeter meter = meters.begin(id, ConnectorType.SOURCE);
        ErrorSettings errors = ErrorSettings.from(config, true);
        FailurePolicy policy = new FailurePolicy(
                id,
                errors,
                Reports.ofSource(errors, UnaryOperator.identity(), meter.errors()),
                control,
                pending -> {},
                meter.errors());
        TaskLog log = new TaskLog(id, Resolved.NOTHING);
        PluginNotes notes = new PluginNotes(log, new NotingTask(told::add));
        InFlight inFlight = new InFlight(1_000, threads);
        OffsetCommit commit = new OffsetCommit(log, notes, inFlight, offsets, PATIENCE, meter, threads);
        AtLeastOnce delivery = new AtLeastOnce(
                records(id, config, policy, meter),
                new RecordSender(log, producer, TopicCreation.none(), control),
                new Answers(id, notes, policy, topics::add, meter.source()),
                new AtLeastOnce.OffsetsInTime(
                        id, inFlight, commit, new Flushes(log, commit, flushes.threads, INTERVAL), PATIENCE),
                () -> worked++);
        delivery.begin();
        return delivery;
    }

    private SourceRecords records(
            TaskId id, Map<String, @Nullable String> config, FailurePolicy policy, TaskMeter meter) {
        TaskServices services = OfflineServices.of(PLUGINS, flushes.threads, meters);
        TaskPlugins plugins =
                OfflineServices.plugins(services, new TaskSpec(id, ConnectorType.SOURCE, config, config), meter);
        return new SourceRecords(
                TransformChain.open(plugins, config), Converters.open(plugins, services.worker(), config), policy);
    }

    /** Records of one source partition with these numbers as value and offset, for topic {@code lines}. */
    static List<SourceRecord> lines(String partition, long... numbers) {
        return LongStream.of(numbers)
                .mapToObj(number -> record(partition, number, "lines"))
                .toList();
    }

    static SourceRecord record(String partition, long number, String topic) {
        return new SourceRecord(
                Map.of("of", partition),
                Map.of("n", number),
                topic,
                null,
                null,
                null,
                Schema.STRING_SCHEMA,
                String.valueOf(number));
    }

    @Override
    public void close() {
        flushes.close();
        meters.close();
    }
}
