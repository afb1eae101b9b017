/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static io.levada.runtime.RunningWorker.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.herder.Diagnosis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whichever part of a sink task cannot be made or stopped, the others are closed, again and again. */
final class SinkLeaksTest {
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(90);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static RunningWorker worker;

    @BeforeAll
    static void startWorker() {
        worker = new RunningWorker(
                Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", folder.toString()), Map.of());
    }

    @AfterAll
    static void stopWorker() {
        worker.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transforms=b;transforms.b.type=io.levada.runtime.connectors.DropEvery;transforms.b.refuse=anything",
                "value.converter=io.levada.runtime.connectors.UnconfigurableConverter",
                "breaks=true",
                "consumer.override.session.timeout.ms=10;consumer.override.heartbeat.interval.ms=20",
            })
    void whatWasOpenedIsClosed(String failing) {
        ConnectorName name = new ConnectorName("leak-" + NUMBER.incrementAndGet());
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", RecordingSink.class.getName());
        config.put("topics", "topic-of-" + name);
        config.put("errors.tolerance", "all");
        config.put("errors.deadletterqueue.topic.name", "dead-of-" + name);
        config.put("errors.restart.delay.ms", "50");
        config.put("errors.restart.delay.max.ms", "50");
        for (String setting : failing.split(";", -1)) {
            config.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }

        worker.create(name.value(), config);
        await().atMost(LONG_ENOUGH).until(() -> attempts(name) >= 3);
        get(worker.herder().stop(name));

        await().atMost(LONG_ENOUGH)
                .untilAsserted(() -> assertThat(clientThreads(name)).isEmpty());
    }

    private static int attempts(ConnectorName name) {
        if (worker.status(name.value()) == null) {
            return 0;
        }
        Diagnosis diagnosis = get(worker.herder().diagnosis(name));
        var failure = diagnosis.tasks().get(0);
        return failure == null ? 0 : failure.attempt();
    }

    private static List<String> clientThreads(ConnectorName name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith("kafka-") && thread.contains(name + "-"))
                .toList();
    }
}
