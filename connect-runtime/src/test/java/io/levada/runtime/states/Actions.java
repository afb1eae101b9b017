/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Draws what happens. */
final class Actions {
    private static final int HISTORY_MIN = 5;
    private static final int HISTORY_MAX = 15;
    private static final int BURST_MAX = 5;
    private static final int TASKS_MAX = 3;

    private Actions() {}

    /** Sequences of actions on two connectors, the first of which is there mostly. */
    static Arbitrary<List<Action>> histories() {
        return any().list().ofMinSize(HISTORY_MIN).ofMaxSize(HISTORY_MAX);
    }

    private static Arbitrary<Action> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, create()),
                Tuple.of(3, Combinators.combine(names(), wanted()).as(Action.Put::new)),
                Tuple.of(2, Combinators.combine(names(), wanted()).as(Action.Patch::new)),
                Tuple.of(5, Combinators.combine(names(), targets()).as(Action.Retarget::new)),
                Tuple.of(1, names().map(Action.Delete::new)),
                Tuple.of(3, Combinators.combine(names(), flags(), flags()).as(Action.Restart::new)),
                Tuple.of(2, Combinators.combine(names(), tasks()).as(Action.RestartTask::new)),
                Tuple.of(4, Combinators.combine(names(), tasks()).as(Action.FailTask::new)),
                Tuple.of(1, names().map(Action.RaiseError::new)),
                Tuple.of(1, names().map(Action.Mend::new)),
                Tuple.of(5, burst()),
                Tuple.of(2, flags().map(Action.RestartWorker::new)));
    }

    private static Arbitrary<Action> create() {
        return Combinators.combine(names(), wanted(), targets().injectNull(0.5)).as(Action.Create::new);
    }

    private static Arbitrary<Action> burst() {
        Arbitrary<Action.Hasty> hasty =
                Combinators.combine(healthy().injectNull(0.6), targets()).as(Action.Hasty::new);
        Arbitrary<TargetState> last = Arbitraries.of(TargetState.STARTED, TargetState.STOPPED);
        return Combinators.combine(names(), healthy(), hasty.list().ofMaxSize(BURST_MAX), last.injectNull(0.2))
                .as(Action.Burst::new);
    }

    private static Arbitrary<ConnectorName> names() {
        return Arbitraries.frequency(
                Tuple.of(3, new ConnectorName("model-a")), Tuple.of(1, new ConnectorName("model-b")));
    }

    private static Arbitrary<Wanted> wanted() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, TASKS_MAX),
                        Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)),
                        slow())
                .as(Wanted::new);
    }

    private static Arbitrary<Wanted> healthy() {
        return Combinators.combine(Arbitraries.integers().between(1, TASKS_MAX), slow())
                .as((tasks, slow) -> new Wanted(tasks, false, slow));
    }

    private static Arbitrary<Boolean> slow() {
        return Arbitraries.of(true, false);
    }

    private static Arbitrary<TargetState> targets() {
        return Arbitraries.of(TargetState.class);
    }

    private static Arbitrary<Integer> tasks() {
        return Arbitraries.integers().between(0, TASKS_MAX - 1);
    }

    private static Arbitrary<Boolean> flags() {
        return Arbitraries.of(true, false);
    }
}
