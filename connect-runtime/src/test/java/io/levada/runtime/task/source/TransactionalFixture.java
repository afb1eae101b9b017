/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.connectors.ScriptedSource.ScriptedTask;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.FlushThreads;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A transactional delivery over a producer in memory; its one transform fails on 99. */
final class TransactionalFixture {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final Script script = new Script("transactional-" + NUMBER.incrementAndGet());
    /** A cluster whose offset topic has five partitions. */
    static final Cluster CLUSTER = new Cluster(
            "cluster-1",
            List.of(),
            IntStream.range(0, 5)
                    .mapToObj(partition -> new PartitionInfo("connect-offsets", partition, null, null, null))
                    .toList(),
            Set.of(),
            Set.of());

    /** Records go around, as a connector may want it for its own. */
    final MockProducer<byte[], byte[]> producer;

    final TaskControl control = new TaskControl(false);
    int worked;
    /** Of which it was told that they hold records. */
    final List<String> topics = new ArrayList<>();

    /** What the clock of intervals shows. */
    long nanos;

    final WorkerMeters meters = WorkerMeters.overJmx("transactional-test:" + NUMBER.get());

    TransactionalFixture() {
        this(true);
    }

    /** @param answers by itself, each record as it is sent */
    TransactionalFixture(boolean answers) {
        producer = new MockProducer<>(
                CLUSTER, answers, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Begun, with these keys in its connector's config. */
    Transactional delivery(Map<String, String> keys) {
        TaskId id = new ConnectorName("c").task(0);
        Map<String, @Nullable String> config = new HashMap<>(keys);
        config.put("connector.class", ScriptedSource.class.getName());
        config.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        config.put("transforms", "t");
        config.put("transforms.t.type", DropEvery.class.getName());
        config.put("transforms.t.fail", "99");
        TaskServices services = OfflineServices.of(PLUGINS, new FlushThreads(), meters);
        TaskMeter meter = meters.begin(id, ConnectorType.SOURCE);
        ErrorSettings errors = ErrorSettings.from(config, true);
        FailurePolicy policy = new FailurePolicy(
                id,
                errors,
                Reports.ofSource(errors, UnaryOperator.identity(), meter.errors()),
                control,
                pending -> {},
                meter.errors());
        TaskSpec spec = new TaskSpec(id, ConnectorType.SOURCE, config, config);
        TaskPlugins plugins = OfflineServices.plugins(services, spec, meter);
        ScriptedTask task = new ScriptedTask();
        task.start(Map.of("script", "transactional-" + NUMBER.get()));
        script.calls.clear();
        ConnectorOffsets offsets = services.offsets().open(id.connector(), config);
        Boundary where = Boundary.of(config, Duration.ofMinutes(10), () -> nanos);
        Transactional delivery = new Transactional(
                id,
                new SourceRecords(
                        TransformChain.open(plugins, config),
                        Converters.open(plugins, services.worker(), config),
                        policy),
                new RecordSender(
                        new TaskLog(id, Resolved.NOTHING),
                        producer,
                        TopicCreation.open(spec, services, config),
                        control),
                new Transactional.Transaction(
                        producer, new RecordLimit(1_000, 1_000_000, CompressionType.NONE), offsets, () -> {}, () -> {}),
                where,
                new PluginNotes(new TaskLog(id, Resolved.NOTHING), task),
                new Transactional.Heard(topics::add, () -> worked++, meter));
        delivery.prepare();
        delivery.begin();
        return delivery;
    }

    /** The values of what is committed, records and offsets, in order. */
    List<String> committed() {
        return producer.history().stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** A record that is larger than the producer takes. */
    SourceRecord large(long n) {
        return new SourceRecord(
                Map.of("only", "one"), Map.of("n", n), "t", null, null, null, Schema.STRING_SCHEMA, "x".repeat(1_000));
    }

    List<SourceRecord> into(String topic) {
        return List.of(new SourceRecord(
                Map.of("only", "one"), Map.of("n", 1L), topic, null, null, null, Schema.STRING_SCHEMA, "1"));
    }
}
