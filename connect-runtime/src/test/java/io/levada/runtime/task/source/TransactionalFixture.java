/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.connectors.ScriptedSource.ScriptedTask;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.status.StatusStore;
import io.levada.runtime.task.Converters;
import io.levada.runtime.task.FlushThreads;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Reports;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A transactional delivery over a producer in memory; its one transform fails on 99. */
final class TransactionalFixture {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final Script script = new Script("transactional-" + NUMBER.incrementAndGet());
    final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    int worked;
    final WorkerMeters meters = WorkerMeters.overJmx("transactional-test:" + NUMBER.get());
    private @Nullable Boundary boundary;

    Boundary boundary() {
        return Objects.requireNonNull(boundary);
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
        WorkerConfig worker = WorkerConfig.from(Map.of("bootstrap.servers", "localhost:1"));
        ClientConfigs clients = new ClientConfigs(worker, new OverridePolicy.All(), "cluster-1");
        OffsetStores stores = new OffsetStores(worker.topics().offsets(), new OffsetStore(), clients);
        TaskServices services = new TaskServices(
                worker,
                clients,
                PLUGINS,
                stores,
                new StatusStore(InstantSource.system()),
                Secrets.open(Map.of(), PLUGINS),
                new FlushThreads(),
                new Unfenced(),
                meters);
        TaskMeter meter = meters.begin(id, ConnectorType.SOURCE);
        List<SourceRecords> made = new ArrayList<>();
        TaskControl control = new TaskControl(false);
        ErrorSettings errors = ErrorSettings.from(config, true);
        FailurePolicy policy = new FailurePolicy(
                id,
                errors,
                Reports.ofSource(errors, meter.errors()),
                control.stopSignal(),
                pending -> {},
                meter.errors());
        TaskSpec spec = new TaskSpec(id, ConnectorType.SOURCE, config, config);
        TaskLoop unused = TaskPlugins.during(spec, services, meter, plugins -> {
            made.add(new SourceRecords(
                    TransformChain.open(plugins, config), Converters.open(plugins, worker, config), policy));
            return new Idle();
        });
        ScriptedTask task = new ScriptedTask();
        task.start(Map.of("script", "transactional-" + NUMBER.get()));
        script.calls.clear();
        ConnectorOffsets offsets = stores.open(id.connector(), config);
        Boundary where = Boundary.of(config, Duration.ofMinutes(10), System::nanoTime);
        boundary = where;
        Transactional delivery = new Transactional(
                id,
                made.get(0),
                new RecordSender(id, producer, TopicCreation.open(spec, services, config), control),
                new Transactional.Transaction(producer, offsets),
                where,
                new PluginNotes(id, task),
                new Transactional.Heard(topic -> {}, () -> worked++, meter));
        delivery.prepare();
        delivery.begin();
        return delivery;
    }

    private static final class Unfenced implements Fencing {
        @Override
        public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {}

        @Override
        public void all(ConnectorName connector, Map<String, @Nullable String> config) {}
    }

    private static final class Idle implements TaskLoop {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public void run() {}

        @Override
        public void signalStop() {}

        @Override
        public void abandon() {}
    }

    /** The values of what is committed, records and offsets, in order. */
    List<String> committed() {
        return producer.history().stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    List<SourceRecord> into(String topic) {
        return List.of(new SourceRecord(
                Map.of("only", "one"), Map.of("n", 1L), topic, null, null, null, Schema.STRING_SCHEMA, "1"));
    }
}
