/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.connectors.ScriptedSource.Script;
import io.levada.runtime.herder.ConnectorInfo;
import io.levada.runtime.herder.ConnectorOffset;
import io.levada.runtime.herder.ConnectorStatus;
import io.levada.runtime.herder.ReportedState;
import io.levada.runtime.plugins.PluginJar;
import io.levada.runtime.plugins.PluginType;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * Plugins that hang, throw an error, end the process, leave a thread behind or interrupt what they find, in every call, all at the same time in one worker: another
 * connector's records go on meanwhile, and REST answers. The worker runs in this test's process, which would be over.
 */
@Timeout(600)
final class HostilePluginsTest {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);
    /** No measure of speed: a worker that is held up does not answer at all. */
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private static final String CALLED = "hostile.called.";
    private static final List<String> HOW = List.of("hang", "error", "exit", "leak", "interrupt");
    private static final List<String> IN_SOURCES = List.of(
            "connector constructor",
            "connector version",
            "connector initialize",
            "connector start",
            "taskClass",
            "taskConfigs",
            "connector stop",
            "alterOffsets",
            "provider",
            "transform",
            "transform configure",
            "transform close",
            "predicate",
            "predicate configure",
            "predicate close",
            "converter",
            "converter configure",
            "converter close",
            "header converter",
            "header converter configure",
            "header converter close",
            "task constructor",
            "task version",
            "initialize",
            "task start",
            "poll",
            "commitRecord",
            "commit",
            "task stop");
    private static final List<String> IN_SINKS = List.of(
            "connector constructor",
            "connector version",
            "connector initialize",
            "connector start",
            "taskClass",
            "taskConfigs",
            "connector stop",
            "alterOffsets",
            "provider",
            "transform",
            "transform configure",
            "transform close",
            "predicate",
            "predicate configure",
            "predicate close",
            "converter",
            "converter configure",
            "converter close",
            "header converter",
            "header converter configure",
            "header converter close",
            "task constructor",
            "task version",
            "initialize",
            "task start",
            "open",
            "put",
            "preCommit",
            "close",
            "task stop");
    /** Of sources, what is done in another order or on other threads with another delivery. */
    private static final List<String> OF_DELIVERIES = List.of("poll", "commitRecord", "commit", "task stop");
    /** Where threads may be left behind: anywhere else it is the same. */
    private static final Set<String> LEAKING =
            Set.of("connector start", "alterOffsets", "transform", "task start", "poll", "put", "task stop");

    /** Where all threads that can be found are interrupted. */
    private static final Set<String> INTERRUPTING = Set.of("connector start", "poll", "commit", "put");

    private static final Set<String> FAILS_CONNECTORS = Set.of(
            "connector constructor",
            "connector version",
            "connector initialize",
            "connector start",
            "taskClass",
            "taskConfigs",
            "provider");
    /** Where a connector that hangs keeps its thread, which the log says when the worker does not wait for it any more. */
    private static final Set<String> KEEPS_CONNECTORS = Stream.concat(
                    FAILS_CONNECTORS.stream(), Stream.of("connector stop"))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> FAILS_TASKS = Set.of(
            "transform",
            "transform configure",
            "predicate",
            "predicate configure",
            "converter",
            "converter configure",
            "header converter",
            "header converter configure",
            "task constructor",
            "task version",
            "initialize",
            "task start",
            "poll",
            "open",
            "put");

    /** What a class may do wrong, as its config says; system properties tell that it has, across class loaders. */
    private static final String HOSTILE = """
            package my;
            import java.util.*;
            import java.util.concurrent.CountDownLatch;
            public final class Hostile {
                static void in(String call, Map<String, ?> config) {
                    if (call.equals(config.get("hostile.in"))) be((String) config.get("hostile.how"), (String) config.get("hostile.as"));
                }
                /** Of what has no config yet: its thread is named after the connector. */
                static void unconfigured(String call) {
                    String thread = Thread.currentThread().getName();
                    String mark = "-" + call.replace(' ', '-') + "-";
                    if (!thread.contains(mark)) return;
                    if (thread.startsWith("task-thread-")) {
                        being(thread.substring("task-thread-".length(), thread.lastIndexOf('-')), mark);
                    } else if (thread.startsWith("connector-thread-")) {
                        being(thread.substring("connector-thread-".length()), mark);
                    }
                }
                private static void being(String name, String mark) {
                    be(name.substring(name.indexOf(mark) + mark.length()), name);
                }
                static void be(String how, String as) {
                    System.setProperty("hostile.called." + as, "yes");
                    switch (how) {
                        case "hang": hang(); break;
                        case "error": throw new Error("hostile on purpose");
                        case "exit": System.exit(1); break;
                        case "interrupt": Thread.currentThread().getThreadGroup().interrupt(); break;
                        default:
                            Thread left = new Thread(() -> {
                                try { Runtime.getRuntime().halt(1); } finally { hang(); }
                            });
                            left.setDaemon(true);
                            left.start();
                    }
                }
                private static void hang() {
                    while (true) {
                        try { new CountDownLatch(1).await(); } catch (InterruptedException ignored) { }
                    }
                }
            }
            """;

    private static final String SOURCE = """
            package my;
            import java.util.*;
            import java.util.concurrent.*;
            import org.apache.kafka.clients.producer.RecordMetadata;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.*;
            import org.apache.kafka.connect.source.*;
            public class HostileSource extends SourceConnector {
                Map<String, String> config = Map.of();
                public HostileSource() { Hostile.unconfigured("connector constructor"); }
                public String version() { Hostile.unconfigured("connector version"); return "1"; }
                public void initialize(ConnectorContext context) {
                    super.initialize(context);
                    Hostile.unconfigured("connector initialize");
                }
                public void start(Map<String, String> props) { config = props; Hostile.in("connector start", config); }
                public Class<? extends Task> taskClass() { Hostile.in("taskClass", config); return HostileTask.class; }
                public List<Map<String, String>> taskConfigs(int max) { Hostile.in("taskConfigs", config); return List.of(config); }
                public void stop() { Hostile.in("connector stop", config); }
                public boolean alterOffsets(Map<String, String> props, Map<Map<String, ?>, Map<String, ?>> offsets) {
                    Hostile.in("alterOffsets", props);
                    return true;
                }
                public ConfigDef config() { return new ConfigDef(); }
                public static class HostileTask extends SourceTask {
                    Map<String, String> config = Map.of();
                    final CountDownLatch stopped = new CountDownLatch(1);
                    boolean given;
                    public HostileTask() { Hostile.unconfigured("task constructor"); }
                    public String version() { Hostile.unconfigured("task version"); return "1"; }
                    public void initialize(SourceTaskContext context) {
                        super.initialize(context);
                        Hostile.in("initialize", context.configs());
                    }
                    public void start(Map<String, String> props) { config = props; Hostile.in("task start", config); }
                    public List<SourceRecord> poll() throws InterruptedException {
                        Hostile.in("poll", config);
                        if (given) {
                            boolean over = stopped.await(100, TimeUnit.MILLISECONDS);
                            return null;
                        }
                        given = true;
                        SourceRecord record = new SourceRecord(Map.of("p", 1), Map.of("n", 1), "hostile", null, "value");
                        record.headers().addString("h", "v");
                        return List.of(record);
                    }
                    public void commitRecord(SourceRecord record, RecordMetadata metadata) { Hostile.in("commitRecord", config); }
                    public void commit() { Hostile.in("commit", config); }
                    public void stop() {
                        stopped.countDown();
                        Hostile.in("task stop", config);
                    }
                }
            }
            """;
    private static final String SINK = """
            package my;
            import java.util.*;
            import org.apache.kafka.clients.consumer.OffsetAndMetadata;
            import org.apache.kafka.common.TopicPartition;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.*;
            import org.apache.kafka.connect.sink.*;
            public class HostileSink extends SinkConnector {
                Map<String, String> config = Map.of();
                public HostileSink() { Hostile.unconfigured("connector constructor"); }
                public String version() { Hostile.unconfigured("connector version"); return "1"; }
                public void initialize(ConnectorContext context) {
                    super.initialize(context);
                    Hostile.unconfigured("connector initialize");
                }
                public void start(Map<String, String> props) { config = props; Hostile.in("connector start", config); }
                public Class<? extends Task> taskClass() { Hostile.in("taskClass", config); return HostileTask.class; }
                public List<Map<String, String>> taskConfigs(int max) { Hostile.in("taskConfigs", config); return List.of(config); }
                public void stop() { Hostile.in("connector stop", config); }
                public boolean alterOffsets(Map<String, String> props, Map<TopicPartition, Long> offsets) {
                    Hostile.in("alterOffsets", props);
                    return true;
                }
                public ConfigDef config() { return new ConfigDef(); }
                public static class HostileTask extends SinkTask {
                    Map<String, String> config = Map.of();
                    public HostileTask() { Hostile.unconfigured("task constructor"); }
                    public String version() { Hostile.unconfigured("task version"); return "1"; }
                    public void initialize(SinkTaskContext context) {
                        super.initialize(context);
                        Hostile.in("initialize", context.configs());
                    }
                    public void start(Map<String, String> props) { config = props; Hostile.in("task start", config); }
                    public void open(Collection<TopicPartition> partitions) { Hostile.in("open", config); }
                    public void put(Collection<SinkRecord> records) { Hostile.in("put", config); }
                    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
                        Hostile.in("preCommit", config);
                        return offsets;
                    }
                    public void close(Collection<TopicPartition> partitions) { Hostile.in("close", config); }
                    public void stop() { Hostile.in("task stop", config); }
                }
            }
            """;
    private static final String TRANSFORM = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.ConnectRecord;
            public class HostileTransform<R extends ConnectRecord<R>> implements org.apache.kafka.connect.transforms.Transformation<R> {
                Map<String, ?> config = Map.of();
                public void configure(Map<String, ?> configs) { config = configs; Hostile.in("transform configure", config); }
                public R apply(R record) { Hostile.in("transform", config); return record; }
                public ConfigDef config() { return new ConfigDef(); }
                public void close() { Hostile.in("transform close", config); }
            }
            """;
    private static final String PREDICATE = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigDef;
            import org.apache.kafka.connect.connector.ConnectRecord;
            public class HostilePredicate<R extends ConnectRecord<R>> implements org.apache.kafka.connect.transforms.predicates.Predicate<R> {
                Map<String, ?> config = Map.of();
                public void configure(Map<String, ?> configs) { config = configs; Hostile.in("predicate configure", config); }
                public boolean test(R record) { Hostile.in("predicate", config); return false; }
                public ConfigDef config() { return new ConfigDef(); }
                public void close() { Hostile.in("predicate close", config); }
            }
            """;
    private static final String HEADERS = """
            package my;
            import java.util.*;
            import org.apache.kafka.connect.data.*;
            public class HostileHeaders extends org.apache.kafka.connect.storage.SimpleHeaderConverter {
                Map<String, ?> config = Map.of();
                public void configure(Map<String, ?> configs) {
                    config = configs;
                    Hostile.in("header converter configure", config);
                    super.configure(configs);
                }
                public void close() { Hostile.in("header converter close", config); }
                public byte[] fromConnectHeader(String topic, String key, Schema schema, Object value) {
                    Hostile.in("header converter", config);
                    return super.fromConnectHeader(topic, key, schema, value);
                }
                public SchemaAndValue toConnectHeader(String topic, String key, byte[] value) {
                    Hostile.in("header converter", config);
                    return super.toConnectHeader(topic, key, value);
                }
            }
            """;
    private static final String CONVERTER = """
            package my;
            import java.util.*;
            import org.apache.kafka.connect.data.*;
            public class HostileConverter extends org.apache.kafka.connect.storage.StringConverter {
                Map<String, ?> config = Map.of();
                public void configure(Map<String, ?> configs, boolean isKey) {
                    config = configs;
                    Hostile.in("converter configure", config);
                    super.configure(configs, isKey);
                }
                public void close() { Hostile.in("converter close", config); }
                public byte[] fromConnectData(String topic, Schema schema, Object value) {
                    Hostile.in("converter", config);
                    return super.fromConnectData(topic, schema, value);
                }
                public SchemaAndValue toConnectData(String topic, byte[] value) {
                    Hostile.in("converter", config);
                    return super.toConnectData(topic, value);
                }
            }
            """;
    /** Behaves while configs are validated. */
    private static final String PROVIDER = """
            package my;
            import java.util.*;
            import org.apache.kafka.common.config.ConfigData;
            public class HostileProvider implements org.apache.kafka.common.config.provider.ConfigProvider {
                public void configure(Map<String, ?> configs) { }
                public ConfigData get(String path) { return get(path, Set.of()); }
                public ConfigData get(String path, Set<String> keys) {
                    if (Thread.currentThread().getName().startsWith("connector-thread-")) {
                        Hostile.be(path.substring(0, path.indexOf('/')), path.substring(path.indexOf('/') + 1));
                    }
                    Map<String, String> data = new HashMap<>();
                    keys.forEach(key -> data.put(key, "found"));
                    return new ConfigData(data);
                }
                public void close() { }
            }
            """;

    @TempDir
    Path dir;

    private final List<Hostile> all = new ArrayList<>();
    private final List<Object> unanswered = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    /** One connector that misbehaves in one call. */
    private record Hostile(String kind, String in, String how) {
        String name() {
            return kind + "-" + in.replace(' ', '-') + "-" + how;
        }

        boolean called() {
            return System.getProperty(CALLED + name()) != null;
        }

        /** Whether a command about it, which hangs, must be given up before the next one is begun. */
        boolean keepsItsTurn() {
            return in.equals("alterOffsets") && how.equals("hang");
        }

        boolean keepsItsConnector() {
            return KEEPS_CONNECTORS.contains(in) && how.equals("hang");
        }

        boolean throwing() {
            return how.equals("error") || how.equals("exit");
        }

        Map<String, String> config() {
            Map<String, String> config = new HashMap<>();
            config.put("connector.class", kind.equals("source") ? "my.HostileSource" : "my.HostileSink");
            config.put("tasks.max", "1");
            config.put("errors.restart.max", "0");
            if (kind.equals("sink")) {
                config.put("topics", "lines");
            }
            String prefix = "";
            if (in.startsWith("transform")) {
                config.put("transforms", "h");
                config.put("transforms.h.type", "my.HostileTransform");
                prefix = "transforms.h.";
            } else if (in.startsWith("predicate")) {
                config.put("transforms", "h");
                config.put("transforms.h.type", "my.HostileTransform");
                config.put("transforms.h.predicate", "p");
                config.put("predicates", "p");
                config.put("predicates.p.type", "my.HostilePredicate");
                prefix = "predicates.p.";
            } else if (in.startsWith("header converter")) {
                config.put("header.converter", "my.HostileHeaders");
                prefix = "header.converter.";
            } else if (in.startsWith("converter")) {
                config.put("value.converter", "my.HostileConverter");
                prefix = "value.converter.";
            } else if (in.equals("provider")) {
                config.put("secret", "${hostile:" + how + "/" + name() + ":key}");
            }
            config.put(prefix + "hostile.in", in);
            config.put(prefix + "hostile.how", how);
            config.put(prefix + "hostile.as", name());
            return config;
        }
    }

    @BeforeEach
    void listen() {
        log.start();
        connectorsLog().addAppender(log);
        connectorsLog().setLevel(Level.WARN);
    }

    private static Logger connectorsLog() {
        return (Logger) LoggerFactory.getLogger("io.levada.runtime.lifecycle.ConnectorHost");
    }

    @AfterEach
    void forgetCalls() {
        connectorsLog().detachAppender(log);
        connectorsLog().setLevel(null); // as its parent's again
        all.forEach(hostile -> System.clearProperty(CALLED + hostile.name()));
    }

    private Path plugins() {
        new PluginJar()
                .withClass("my.Hostile", HOSTILE)
                .withClass("my.HostileSource", SOURCE)
                .withClass("my.HostileSink", SINK)
                .withClass("my.HostileTransform", TRANSFORM)
                .withClass("my.HostilePredicate", PREDICATE)
                .withClass("my.HostileConverter", CONVERTER)
                .withClass("my.HostileHeaders", HEADERS)
                .withClass("my.HostileProvider", PROVIDER)
                .declaring(PluginType.SOURCE, "my.HostileSource")
                .declaring(PluginType.SINK, "my.HostileSink")
                .declaring(PluginType.TRANSFORMATION, "my.HostileTransform")
                .declaring(PluginType.PREDICATE, "my.HostilePredicate")
                .declaring(PluginType.CONVERTER, "my.HostileConverter")
                .declaring(PluginType.HEADER_CONVERTER, "my.HostileHeaders")
                .declaring(PluginType.CONFIG_PROVIDER, "my.HostileProvider")
                .writeTo(dir.resolve("plugins/hostile.jar"));
        return dir.resolve("plugins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled", "disabled"})
    void whateverAPluginDoesHurtsItsOwnConnectorOnly(String exactlyOnce) {
        if (exactlyOnce.equals("enabled")) {
            IN_SOURCES.forEach(in -> misbehaving("source", in));
            IN_SINKS.forEach(in -> misbehaving("sink", in));
        } else {
            OF_DELIVERIES.forEach(in -> misbehaving("source", in));
        }
        String witness = "witness-" + exactlyOnce;
        Script script = new Script(witness);
        ScheduledExecutorService asking = Executors.newSingleThreadScheduledExecutor();
        try (RunningWorker worker = new RunningWorker(
                Map.of(
                        "broker.listeners",
                        "PLAINTEXT://localhost:0",
                        "data.dir",
                        dir.resolve("data").toString()),
                Map.of(
                        "plugin.path",
                        plugins().toString(),
                        "config.providers",
                        "hostile",
                        "config.providers.hostile.class",
                        "my.HostileProvider",
                        "exactly.once.source.support",
                        exactlyOnce,
                        "offset.flush.interval.ms",
                        "1000",
                        "task.shutdown.graceful.timeout.ms",
                        "1000"))) {
            worker.create(witness, Map.of("connector.class", ScriptedSource.class.getName(), "script", witness));
            worker.create(
                    witness + "-sink", Map.of("connector.class", RecordingSink.class.getName(), "topics", "lines"));
            passes(script, witness, 1);
            var unused = asking.scheduleWithFixedDelay(() -> ask(worker), 0, 200, TimeUnit.MILLISECONDS);

            allAtOnce(all.stream().map(hostile -> create(worker, hostile)));
            awaitWhatTheyAre(worker);
            passes(script, witness, 2);

            allAtOnce(all.stream()
                    .filter(hostile -> !hostile.keepsItsTurn())
                    .map(hostile -> worker.herder().delete(new ConnectorName(hostile.name()))));
            await("every call was made")
                    .atMost(LONG_ENOUGH)
                    .until(() -> all.stream()
                            .filter(hostile -> !hostile.called())
                            .map(Hostile::name)
                            .toList()
                            .isEmpty());
            await("what hangs was told")
                    .atMost(LONG_ENOUGH)
                    .until(() -> all.stream()
                            .filter(Hostile::keepsItsConnector)
                            .map(Hostile::name)
                            .filter(name -> !leftBehind().contains(name))
                            .toList()
                            .isEmpty());
            passes(script, witness, 3);
            assertThat(get(worker.herder().connectors()))
                    .hasSize(
                            2 + (int) all.stream().filter(Hostile::keepsItsTurn).count());
            asking.shutdown();
            assertThat(unanswered).isEmpty();
            assertThat(answers).hasPositiveValue();
        } finally {
            asking.shutdownNow();
        }
    }

    private void misbehaving(String kind, String in) {
        HOW.stream()
                .filter(how -> !how.equals("leak") || LEAKING.contains(in))
                .filter(how -> !how.equals("interrupt") || INTERRUPTING.contains(in))
                .forEach(how -> all.add(new Hostile(kind, in, how)));
    }

    /** The connectors of which the log says so. */
    private Set<String> leftBehind() {
        synchronized (log) { // as the appender does
            return log.list.stream()
                    .filter(event -> event.getMessage().equals("connector does not stop in time and is left behind"))
                    .flatMap(event -> event.getKeyValuePairs().stream())
                    .map((KeyValuePair pair) -> String.valueOf(pair.value))
                    .collect(Collectors.toSet());
        }
    }

    private static CompletionStage<ConnectorInfo> create(RunningWorker worker, Hostile hostile) {
        Map<String, @Nullable String> config = new HashMap<>(hostile.config());
        config.put("name", hostile.name());
        return worker.herder()
                .createConnector(
                        new ConnectorName(hostile.name()),
                        config,
                        hostile.in.equals("alterOffsets") ? TargetState.STOPPED : TargetState.STARTED);
    }

    private static void allAtOnce(Stream<? extends CompletionStage<?>> commands) {
        commands.toList().forEach(RunningWorker::get);
    }

    private void ask(RunningWorker worker) {
        try {
            HttpResponse<String> answer = worker.rest("/connectors?expand=status", ANSWER);
            if (answer.statusCode() == 200) {
                answers.incrementAndGet();
            } else {
                unanswered.add(answer.body());
            }
        } catch (Throwable e) {
            unanswered.add(e);
        }
    }

    /** A record goes through a source and a sink that do nothing wrong. */
    private static void passes(Script script, String witness, long number) {
        List<SourceRecord> records = script.records(number);
        records.forEach(record -> record.headers().addString("h", "v"));
        script.polls.add(records);
        await("record " + number)
                .atMost(LONG_ENOUGH)
                .until(() -> RecordingSink.values(witness + "-sink").contains(String.valueOf(number)));
    }

    private void awaitWhatTheyAre(RunningWorker worker) {
        for (Hostile hostile : all) {
            if (hostile.in.equals("alterOffsets")) {
                alterOffsets(worker, hostile);
            } else if (hostile.throwing() && FAILS_CONNECTORS.contains(hostile.in)) {
                assertBlamed(hostile, failure(worker, hostile, -1));
            } else if (hostile.throwing() && FAILS_TASKS.contains(hostile.in)) {
                assertBlamed(hostile, failure(worker, hostile, 0));
            } else if (hostile.how.equals("interrupt")) {
                await(hostile.name()).atMost(LONG_ENOUGH).until(hostile::called);
            } else if (!hostile.how.equals("hang")) {
                worker.awaitStates(hostile.name(), "RUNNING", "RUNNING");
            } else if (!Stream.of("stop", "close").anyMatch(hostile.in::endsWith)) {
                await(hostile.name()).atMost(LONG_ENOUGH).until(hostile::called);
            }
        }
    }

    private static ReportedState failure(RunningWorker worker, Hostile hostile, int task) {
        if (task >= 0) {
            return worker.awaitTask(hostile.name(), task, "FAILED");
        }
        worker.awaitStates(hostile.name(), "FAILED");
        ConnectorStatus status = Objects.requireNonNull(worker.status(hostile.name()));
        return status.connector();
    }

    private static void assertBlamed(Hostile hostile, ReportedState failed) {
        assertThat(failed.trace())
                .as(hostile.name())
                .contains(hostile.how.equals("exit") ? "System.exit(1) of my.Hostile" : "hostile on purpose");
    }

    private static void alterOffsets(RunningWorker worker, Hostile hostile) {
        worker.awaitStates(hostile.name(), "STOPPED");
        ConnectorOffset offset = hostile.kind.equals("source")
                ? new ConnectorOffset(Map.of("p", 1), Map.of("n", 7))
                : new ConnectorOffset(Map.of("kafka_topic", "lines", "kafka_partition", 0), Map.of("kafka_offset", 0));
        CompletionStage<String> answer =
                worker.herder().alterOffsets(new ConnectorName(hostile.name()), List.of(offset));
        if (hostile.throwing()) {
            assertThatThrownBy(() -> get(answer)).as(hostile.name()).isNotNull();
        } else if (hostile.how.equals("leak")) {
            assertThat(get(answer)).contains("altered successfully");
        }
        await(hostile.name()).atMost(LONG_ENOUGH).until(hostile::called);
    }
}
