/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * Whatever is done to connectors and befalls them: statuses and the lives of connectors and tasks become what Kafka Connect's rules
 * say, nothing is started for nothing, no task has two lives at once, and a worker that stops leaves none.
 */
final class ConnectorStatesProperties {
    private static @Nullable Plugins plugins;

    @BeforeContainer
    static void discover() {
        plugins = Plugins.discover(PluginSearch.classPathOnly());
    }

    @AfterContainer
    static void close() {
        Plugins open = plugins;
        if (open != null) {
            open.close();
        }
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        return Actions.histories();
    }

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void statusesAndLivesFollowTheRules(@ForAll("histories") List<Action> history) {
        Plugins open = plugins;
        assertThat(open).isNotNull();
        World world = World.begin();
        try (ModelWorker worker = new ModelWorker(open, world)) {
            carryOut(history, worker);
        }
        assertThat(world.violations()).as("%s", history).isEmpty();
        eventually(() -> assertThat(pluginThreads()).as("threads left").isEmpty());
    }

    private static void carryOut(List<Action> history, ModelWorker worker) {
        Beliefs beliefs = new Beliefs();
        Set<ConnectorName> known = new HashSet<>();
        List<String> told = new ArrayList<>();
        for (int step = 1; step <= history.size(); step++) {
            Action action = history.get(step - 1);
            told.add("\n" + step + ". " + action);
            beliefs.step(step);
            worker.world().step(step);
            String believed = action.believed(beliefs);
            known.addAll(beliefs.targets().keySet());

            assertThat(action.done(worker, step)).as("answer after %s", told).isEqualTo(believed);
            eventually(() -> assertThat(worker.text()).as("after %s", told).isEqualTo(beliefs.text()));
            worker.awaitQuiet();
            eventually(
                    () -> assertThat(worker.text()).as("later, after %s", told).isEqualTo(beliefs.text()));

            worker.world().settle(known, beliefs.targets());
            assertThat(worker.world().violations()).as("after %s", told).isEmpty();
        }
    }

    private static void eventually(ThrowingCallable assertion) {
        await().atMost(ModelWorker.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(3))
                .untilAsserted(assertion::call);
    }

    private static Set<String> pluginThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("task-thread-model-") || name.startsWith("connector-thread-model-"))
                .collect(Collectors.toSet());
    }
}
