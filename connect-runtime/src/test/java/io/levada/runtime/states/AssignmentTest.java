/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import static io.levada.runtime.states.ScriptedMembership.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.assign.Share;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.herder.Herder;
import io.levada.runtime.membership.GroupEvent;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A worker runs what its group's leader says, from when it knows as much as the leader, until it is taken away. */
final class AssignmentTest {
    private static final ConnectorName A = new ConnectorName("model-a");
    private static final ConnectorName B = new ConnectorName("model-b");

    private final ScriptedMembership group = new ScriptedMembership();
    /** That of each life of the worker. */
    private final Queue<Membership> memberships = new ArrayDeque<>();

    private final World world = World.begin();
    private final Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
    private ModelWorker worker;

    @BeforeEach
    void start() {
        memberships.add(group);
        worker = new ModelWorker(plugins, world, memberships::remove);
    }

    @AfterEach
    void stop() {
        worker.close();
        plugins.close();
        assertThat(world.violations()).isEmpty();
    }

    private void create(ConnectorName name) {
        assertThat(worker.answer(
                        herder -> herder.createConnector(name, new Wanted(2, false, false).config(name, 1), null)))
                .isEqualTo(Action.DONE);
    }

    private void awaitRuns(Set<ConnectorName> connectors, Set<TaskId> tasks) {
        await().atMost(ModelWorker.PATIENCE).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            assertThat(world.connectors().all().keySet()).isEqualTo(connectors);
            assertThat(world.tasks().all().keySet()).isEqualTo(tasks);
        });
    }

    /** A message after all that are under way. */
    private void awaitTaken() {
        assertThat(worker.answer(Herder::health)).isEqualTo(Action.DONE);
    }

    @Test
    void whatIsAssignedRunsAndNothingElse() {
        create(A);
        create(B);
        awaitTaken();
        assertThat(world.connectors().all()).isEmpty();

        group.assign(3, share(List.of(A), List.of()), worker.configOffset());
        awaitRuns(Set.of(A), Set.of());
        group.assign(3, share(List.of(A), List.of(A.task(1))), worker.configOffset());
        awaitRuns(Set.of(A), Set.of(A.task(1)));
        group.assign(4, share(List.of(B), List.of(A.task(1))), worker.configOffset());

        awaitRuns(Set.of(B), Set.of(A.task(1)));
    }

    @Test
    void anAssignmentThatKnowsMoreWaitsForTheConfig() {
        create(A);
        long withoutB = worker.configOffset();

        group.assign(3, share(List.of(A, B), List.of()), withoutB + 1);
        worker.awaitQuiet();
        assertThat(world.connectors().all()).isEmpty();
        world.step(1);
        create(B);

        awaitRuns(Set.of(A, B), Set.of());
        assertThat(world.connectors().of(A).orElseThrow().since()).isEqualTo(1);
    }

    @Test
    void anAssignmentThatWaitsGivesWayToWhatComesAfterIt() {
        create(A);
        group.assign(3, share(List.of(A), List.of()), worker.configOffset() + 1);
        group.tell(new GroupEvent.Lost());
        create(B);
        awaitTaken();

        assertThat(world.connectors().all()).isEmpty();
    }

    @Test
    void whatIsRevokedStopsAndTheRestGoesOn() {
        create(A);
        group.assign(3, share(List.of(A), List.of()), worker.configOffset());
        awaitRuns(Set.of(A), Set.of());
        await().atMost(ModelWorker.PATIENCE).until(() -> worker.text().contains("of 2 stored tasks"));
        group.assign(3, share(List.of(A), List.of(A.task(0), A.task(1))), worker.configOffset());
        awaitRuns(Set.of(A), Set.of(A.task(0), A.task(1)));
        int since = world.tasks().of(A.task(1)).orElseThrow().since();

        GroupEvent.Revoked revoked = new GroupEvent.Revoked(share(List.of(B), List.of(A.task(0))));
        group.tell(revoked);

        assertThat(revoked.stopped()).succeedsWithin(ModelWorker.PATIENCE);
        assertThat(world.tasks().all().keySet()).isEqualTo(Set.of(A.task(1)));
        assertThat(world.tasks().of(A.task(1)).orElseThrow().since()).isEqualTo(since);
    }

    @Test
    void whoHasLostItsPlaceRunsNothingUntilItIsBack() {
        create(A);
        Share all = share(List.of(A), List.of(A.task(0), A.task(1)));
        group.assign(3, all, worker.configOffset());
        awaitRuns(Set.of(A), Set.of(A.task(0), A.task(1)));

        GroupEvent.Lost lost = new GroupEvent.Lost();
        group.tell(lost);
        assertThat(lost.stopped()).succeedsWithin(ModelWorker.PATIENCE);
        awaitRuns(Set.of(), Set.of());
        group.assign(5, all, worker.configOffset());

        awaitRuns(Set.of(A), Set.of(A.task(0), A.task(1)));
    }

    /** As by a worker that was killed before it had written that there are no tasks any more. */
    @Test
    void tasksOfAConnectorThatWasStoppedMeanwhileAreNotSaidToRun() {
        create(A);
        await().atMost(ModelWorker.PATIENCE).until(() -> {
            group.assign(3, share(List.of(A), List.of(A.task(0), A.task(1))), worker.configOffset());
            return worker.text().contains("[RUNNING v1 since 0, RUNNING v1 since 0]");
        });

        ScriptedMembership next = new ScriptedMembership();
        memberships.add(next);
        worker.restartAfter("target-state-model-a", "{\"state\":\"PAUSED\",\"state.v2\":\"STOPPED\"}");
        next.assign(4, share(List.of(A), List.of(A.task(0), A.task(1))), worker.configOffset());

        await().atMost(ModelWorker.PATIENCE)
                .untilAsserted(() -> assertThat(worker.text()).contains("STOPPED []"));
    }
}
