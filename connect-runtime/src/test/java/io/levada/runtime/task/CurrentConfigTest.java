/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a task gets that asks for its config while it runs, and what of that is hidden. */
final class CurrentConfigTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final ConnectorName CONNECTOR = new ConnectorName("c");
    private static final String REFERENCE = "${lent:db:password}";

    private final List<Resolved> told = new ArrayList<>();

    @AfterAll
    static void close() {
        PLUGINS.close();
    }

    private CurrentConfig config(Secrets secrets, Map<String, @Nullable String> given) {
        return config(secrets, given, secrets.resolve(given));
    }

    private CurrentConfig config(
            Secrets secrets, Map<String, @Nullable String> given, Map<String, @Nullable String> started) {
        TaskSpec spec = new TaskSpec(CONNECTOR.task(0), ConnectorType.SOURCE, Map.of("name", "c"), given);
        return new CurrentConfig(spec, secrets, started, Resolved.between(given, started), told::add);
    }

    @Test
    void aProviderThatGivesNewValuesForeverIsRememberedInPart() {
        try (Secrets secrets = Secrets.open(NumberingProvider.worker(), PLUGINS)) {
            CurrentConfig config = config(secrets, Map.of("password", REFERENCE));
            int last = 1 + 2 * CurrentConfig.REMEMBERED_MAX;

            for (int number = 2; number <= last; number++) {
                assertThat(config.get()).containsEntry("password", NumberingProvider.value(number));
            }

            assertThat(told).hasSize(last - 1);
            Resolved known = told.get(told.size() - 1);
            assertThat(known.secrets()).hasSize(1 + CurrentConfig.REMEMBERED_MAX);
            for (int number : List.of(1, last - CurrentConfig.REMEMBERED_MAX + 1, last)) {
                assertThat(known.hiddenIn("no " + NumberingProvider.value(number)))
                        .isEqualTo("no " + REFERENCE);
            }
        }
    }

    @Test
    void whatAPluginDoesToItsConfigIsItsOwn() {
        try (Secrets secrets = Secrets.open(Map.of(), PLUGINS)) {
            Map<String, @Nullable String> started = new HashMap<>(Map.of("a", "b"));
            CurrentConfig config = config(secrets, Map.of("a", "b"), started);

            started.put("c", "d");
            config.get().put("e", "f");

            assertThat(config.get()).isEqualTo(Map.of("a", "b"));
        }
    }

    @Test
    void whatAPluginDoesToAConfigWithReferencesIsItsOwn() {
        try (Secrets secrets = Secrets.open(NumberingProvider.worker(), PLUGINS)) {
            Map<String, @Nullable String> given = Map.of("password", REFERENCE);
            Map<String, @Nullable String> started = new HashMap<>(secrets.resolve(given));
            CurrentConfig config = config(secrets, given, started);

            started.putAll(given); // As if it had no references.
            config.get().clear();

            assertThat(config.get()).isEqualTo(Map.of("password", NumberingProvider.value(3)));
        }
    }

    @Test
    void nothingIsToldWhileTheProvidersSayTheSame() {
        try (Secrets secrets = Secrets.open(
                Map.of(
                        "config.providers",
                        "env",
                        "config.providers.env.class",
                        "org.apache.kafka.common.config.provider.EnvVarConfigProvider"),
                PLUGINS)) {
            String variable = System.getenv().keySet().iterator().next();
            CurrentConfig config = config(secrets, Map.of("a", "${env:" + variable + "}"));

            assertThat(config.get()).isEqualTo(config.get());

            assertThat(told).isEmpty();
        }
    }

    /** As Kafka Connect, which counts the life of what a task asks for, too. */
    @Test
    void aValueThatLivesForATimeHasTheConnectorRestarted() throws Exception {
        try (Secrets secrets = Secrets.open(NumberingProvider.worker(1), PLUGINS)) {
            CompletableFuture<ConnectorName> restarted = new CompletableFuture<>();
            secrets.restartWith((connector, now) -> {
                restarted.complete(connector);
                return CompletableFuture.completedFuture(null);
            });
            CurrentConfig config = config(secrets, Map.of("password", REFERENCE));

            Map<String, @Nullable String> unused = config.get();

            assertThat(restarted.get(60, TimeUnit.SECONDS)).isEqualTo(CONNECTOR);
        }
    }

    /** A start of another task reads the same path a little later, and the first one's values expire all the same. */
    @Test
    void aStartOfATaskDoesNotPutOffTheRestartForTheValuesOfAnother() throws Exception {
        try (Secrets brief = Secrets.open(NumberingProvider.worker(1), PLUGINS)) {
            CompletableFuture<Map<String, @Nullable String>> restarted = new CompletableFuture<>();
            brief.restartWith((connector, config) -> {
                restarted.complete(config);
                return CompletableFuture.completedFuture(null);
            });
            Map<String, @Nullable String> connector = Map.of("name", "c", "password", REFERENCE);
            CountDownLatch over = new CountDownLatch(1);
            Thread starts = new Thread(() -> {
                while (over.getCount() > 0) {
                    Map<String, @Nullable String> unused = brief.resolveForTask(CONNECTOR, connector, connector);
                }
            });

            starts.start();
            try {
                assertThat(restarted.get(60, TimeUnit.SECONDS)).isEqualTo(connector);
            } finally {
                over.countDown();
                starts.join();
            }
        }
    }
}
