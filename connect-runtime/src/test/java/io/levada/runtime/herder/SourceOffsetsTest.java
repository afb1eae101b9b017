/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.clients.ClientConfigs;
import io.levada.runtime.clients.OverridePolicy;
import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.ScriptedSource;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.offsets.OffsetStore;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.offsets.OffsetsInMemory;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.Secrets;
import io.levada.runtime.threads.ApartThreads;
import io.levada.runtime.topics.InMemoryLog;
import io.levada.runtime.topics.TopicLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of stored offsets on request, with the topic in memory. */
final class SourceOffsetsTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
    private static final ConnectorName SHOP = new ConnectorName("shop");
    private static final Map<String, @Nullable String> CONFIG =
            Map.of("connector.class", ScriptedSource.class.getName(), "password", "${counted:db:pw}");

    private final Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
    private final Secrets secrets = Secrets.open(
            Map.of("config.providers", "counted", "config.providers.counted.class", CountedProvider.class.getName()),
            plugins);
    private final List<String> fencedWith = new ArrayList<>();
    private @Nullable Error fencingFails;
    private final OffsetStore store = new OffsetStore();
    private final InMemoryLog log = new InMemoryLog(store);

    @AfterEach
    void close() {
        secrets.close();
        plugins.close();
    }

    private SourceOffsets over(TopicLog topic) {
        store.writeTo(topic);
        WorkerConfig worker = WorkerConfig.from(Map.of("bootstrap.servers", "localhost:1"));
        ClientConfigs clients = new ClientConfigs(worker, new OverridePolicy.All(), "cluster-1");
        OffsetStores stores = new OffsetStores(worker.topics().offsets(), store, clients);
        return over(new SourceOffsets.Stores(stores::mayBlock, stores::open), new AtOnce(), SourceOffsets.CLOSE_MAX);
    }

    /** Over the topic in memory as if it were the connector's own. */
    private SourceOffsets overOwn(AutoCloseable close, PluginJobs jobs, Duration closeMax) {
        store.writeTo(log);
        return over(
                new SourceOffsets.Stores(
                        config -> true, (connector, config) -> OffsetsInMemory.of(connector, store, close)),
                jobs,
                closeMax);
    }

    private SourceOffsets over(SourceOffsets.Stores stores, PluginJobs jobs, Duration closeMax) {
        return new SourceOffsets(
                stores, plugins, secrets, jobs, new Told(), new SourceOffsets.Bounds(Duration.ofSeconds(1), closeMax));
    }

    @Test
    void anAlterationAsksTheConfigProvidersOnce() {
        CountedProvider.ASKED.set(0);

        assertThat(over(log).alter(SHOP, CONFIG, Map.of(Map.of("table", "a"), Map.of("n", 7L))))
                .succeedsWithin(Duration.ofMinutes(1));

        assertThat(CountedProvider.ASKED).hasValue(1);
        assertThat(fencedWith).containsExactly("sesame");
        assertThat(log.lines()).containsExactly("[\"shop\",{\"table\":\"a\"}]={\"n\":7}");
    }

    @Test
    void blanksAroundTheClassAreNotPartOfIt() {
        Map<String, @Nullable String> config = Map.of("connector.class", " " + ScriptedSource.class.getName() + "\n");

        assertThat(over(log).alter(SHOP, config, Map.of(Map.of("table", "a"), Map.of("n", 7L))))
                .succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void offsetsAreReadWhateverBecomesOfSecrets() {
        log.written("[\"shop\",{\"table\":\"a\"}]", "{\"n\":1}");

        assertThat(over(log).offsets(SHOP, Map.of("password", "${nobody:db:pw}")))
                .succeedsWithin(Duration.ofMinutes(1))
                .isEqualTo(List.of(new ConnectorOffset(Map.of("table", "a"), Map.of("n", 1L))));
    }

    @Test
    void whatFailsWhileOffsetsAreChangedTellsNoSecret() {
        fencingFails = new NoClassDefFoundError("no producer with sesame");

        assertThatThrownBy(() -> over(log)
                        .alter(SHOP, CONFIG, Map.of(Map.of("table", "a"), Map.of("n", 7L)))
                        .toCompletableFuture()
                        .join())
                .rootCause()
                .hasMessage("java.lang.NoClassDefFoundError: no producer with ${counted:db:pw}");
    }

    /** Of a connector with a topic of its own: the client that asks for it refuses its settings. */
    @Test
    void whatFailsWhileOffsetsAreOpenedTellsNoSecret() {
        Map<String, @Nullable String> own = Map.of(
                "connector.class", ScriptedSource.class.getName(),
                "offsets.storage.topic", "own",
                "admin.override.security.protocol", "${counted:db:pw}");

        for (CompletableFuture<?> failed : List.of(
                over(log).offsets(SHOP, own).toCompletableFuture(),
                over(log).reset(SHOP, own).toCompletableFuture())) {
            assertThatThrownBy(failed::join)
                    .hasStackTraceContaining("${counted:db:pw}")
                    .satisfies(failure -> assertThat(FailureText.trace(failure)).doesNotContain("sesame"));
        }
    }

    @Test
    void offsetsThatCannotBeReadToTheirEndAreAFailureThatSaysWhatIsInTheWay() {
        SourceOffsets offsets = over(new Unread());

        assertThatThrownBy(() ->
                        offsets.offsets(SHOP, CONFIG).toCompletableFuture().join())
                .hasCauseInstanceOf(ConnectException.class)
                .hasMessageContaining("offsets of connector shop could not be read to their end within 1 s")
                .hasMessageContaining("a transaction is open in topic connect-offsets");
    }

    private static <T> CompletableFuture<T> apart(Supplier<CompletionStage<T>> request) {
        return CompletableFuture.supplyAsync(
                        request, work -> ApartThreads.of("request", work).start())
                .thenCompose(answer -> answer);
    }

    private static void awaitLine(LoggedLines log, String... parts) {
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(log.texts())
                        .anySatisfy(line -> assertThat(line).contains(parts)));
    }

    @Test
    void anAnswerDoesNotWaitForOffsetsWhoseClosingHangsNorDoesTheNext() throws Exception {
        CountDownLatch mayClose = new CountDownLatch(1);
        SourceOffsets offsets = overOwn(mayClose::await, new AtOnce(), LONG_ENOUGH);

        try {
            assertThat(apart(() -> offsets.alter(SHOP, CONFIG, Map.of(Map.of("table", "a"), Map.of("n", 7L)))))
                    .succeedsWithin(LONG_ENOUGH);
            assertThat(apart(() -> offsets.offsets(SHOP, CONFIG))).succeedsWithin(LONG_ENOUGH);
        } finally {
            mayClose.countDown();
        }
    }

    @Test
    void offsetsThatDoNotCloseInTimeAreLeftBehindAndTold() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        AutoCloseable hangs = () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException ignored) {
                interrupted.countDown();
            }
        };

        try (LoggedLines log = LoggedLines.of(ApartClose.class)) {
            assertThat(apart(() ->
                            overOwn(hangs, new AtOnce(), Duration.ofMillis(1)).offsets(SHOP, CONFIG)))
                    .succeedsWithin(LONG_ENOUGH);

            assertThat(interrupted.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            awaitLine(log, "did not close in time", "connector=\"shop\"");
        }
    }

    @Test
    void offsetsThatFailToCloseChangeNoAnswerAndAreToldWithoutSecrets() {
        AutoCloseable fails = () -> {
            throw new NoClassDefFoundError("closes with sesame");
        };

        try (LoggedLines log = LoggedLines.of(ApartClose.class)) {
            assertThat(overOwn(fails, new AtOnce(), LONG_ENOUGH)
                            .alter(SHOP, CONFIG, Map.of(Map.of("table", "a"), Map.of("n", 7L))))
                    .succeedsWithin(LONG_ENOUGH);

            awaitLine(log, "did not close", "closes with ${counted:db:pw}");
            assertThat(log.texts()).noneMatch(line -> line.contains("sesame"));
        }
    }

    @Test
    void offsetsAreClosedAlsoIfWorkFailsBeforeItBegins() {
        CountDownLatch closed = new CountDownLatch(1);
        SourceOffsets offsets = overOwn(closed::countDown, new AtOnce(), LONG_ENOUGH);
        store.writeTo(new Unready());

        assertThatThrownBy(() ->
                        offsets.offsets(SHOP, CONFIG).toCompletableFuture().join())
                .hasRootCauseMessage("not ready");

        await().atMost(LONG_ENOUGH).until(() -> closed.getCount() == 0);
    }

    @Test
    void theFailureOfWorkIsToldAndNotThatOfClosing() {
        fencingFails = new NoClassDefFoundError("no producer");
        AutoCloseable fails = () -> {
            throw new IllegalStateException("not closed");
        };

        assertThatThrownBy(() -> overOwn(fails, new AtOnce(), LONG_ENOUGH)
                        .reset(SHOP, CONFIG)
                        .toCompletableFuture()
                        .join())
                .hasStackTraceContaining("no producer")
                .satisfies(failure -> assertThat(FailureText.trace(failure)).doesNotContain("not closed"));
    }

    @Test
    void ofOneConnectorFewAreOpenAtATimeAndOthersDoNotNoticeIt() throws Exception {
        CountDownLatch mayClose = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        AutoCloseable closing = () -> {
            mayClose.await();
            closed.incrementAndGet();
        };
        SourceOffsets offsets = overOwn(closing, new AtOnce(), LONG_ENOUGH);

        try {
            for (int request = 0; request < OpenOffsets.OPEN_MAX; request++) {
                assertThat(offsets.offsets(SHOP, CONFIG)).succeedsWithin(LONG_ENOUGH);
            }
            for (CompletionStage<?> oneMore : List.of(
                    offsets.offsets(SHOP, CONFIG),
                    offsets.alter(SHOP, CONFIG, Map.of(Map.of("table", "a"), Map.of("n", 7L))))) {
                assertThatThrownBy(() -> oneMore.toCompletableFuture().join())
                        .hasCauseInstanceOf(ConflictingOperationException.class)
                        .hasMessageContaining("offsets of connector shop");
            }
            assertThat(offsets.offsets(new ConnectorName("other"), CONFIG)).succeedsWithin(LONG_ENOUGH);
        } finally {
            mayClose.countDown();
        }
        await().atMost(LONG_ENOUGH).until(() -> closed.get() == OpenOffsets.OPEN_MAX + 1);
        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(offsets.offsets(SHOP, CONFIG)).succeedsWithin(LONG_ENOUGH));
    }

    @Test
    void offsetsThatAreOpenOnlyWhenNobodyWaitsAnyMoreAreClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        List<Runnable> late = new ArrayList<>();
        PluginJobs jobs = new PluginJobs() {
            private int calls;

            @Override
            public <T> CompletionStage<T> run(ConnectorName connector, Supplier<T> job) {
                if (++calls == 1) { // that resolves the config
                    return new AtOnce().run(connector, job);
                }
                late.add(() -> {
                    T unused = job.get();
                });
                return CompletableFuture.failedFuture(new TimeoutException());
            }
        };

        assertThatThrownBy(() -> overOwn(closed::countDown, jobs, LONG_ENOUGH)
                        .offsets(SHOP, CONFIG)
                        .toCompletableFuture()
                        .join())
                .hasCauseInstanceOf(TimeoutException.class);
        late.forEach(Runnable::run);

        assertThat(closed.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** Reading the worker's topic opens nothing that could be slow to close. */
    @Test
    void theWorkersOwnOffsetsAreClosedBeforeTheAnswer() {
        List<String> closedBy = new ArrayList<>();
        store.writeTo(log);
        SourceOffsets offsets = over(
                new SourceOffsets.Stores(
                        config -> false,
                        (connector, config) -> OffsetsInMemory.of(
                                connector,
                                store,
                                () -> closedBy.add(Thread.currentThread().getName()))),
                new AtOnce(),
                LONG_ENOUGH);

        assertThat(offsets.offsets(SHOP, CONFIG)).succeedsWithin(LONG_ENOUGH);

        assertThat(closedBy).containsExactly(Thread.currentThread().getName());
    }

    private static final class Unready implements TopicLog {
        @Override
        public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            throw new IllegalStateException("not ready");
        }
    }

    /** Gives one value and counts how often. */
    public static final class CountedProvider implements ConfigProvider {
        private static final AtomicInteger ASKED = new AtomicInteger();

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public ConfigData get(String path) {
            return get(path, Set.of("pw"));
        }

        @Override
        public ConfigData get(String path, Set<String> keys) {
            ASKED.incrementAndGet();
            return new ConfigData(Map.of("pw", "sesame"));
        }

        @Override
        public void close() {}
    }

    private static final class AtOnce implements PluginJobs {
        @Override
        public <T> CompletionStage<T> run(ConnectorName connector, Supplier<T> job) {
            try {
                return CompletableFuture.completedFuture(job.get());
            } catch (RuntimeException | Error e) {
                return CompletableFuture.failedFuture(e);
            }
        }
    }

    private final class Told implements Fencing {
        @Override
        public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {
            throw new AssertionError("no task begins");
        }

        @Override
        public void all(ConnectorName connector, Map<String, @Nullable String> config) {
            fencedWith.add(String.valueOf(config.get("password")));
            if (fencingFails != null) {
                throw fencingFails;
            }
        }
    }

    private static final class Unread implements TopicLog {
        @Override
        public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
            throw new AssertionError("nobody writes");
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            return new CompletableFuture<>();
        }
    }
}
