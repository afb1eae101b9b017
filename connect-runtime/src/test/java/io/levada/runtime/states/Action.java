/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is done to a worker or happens to it. Both methods answer in words, which must be the same; prints as a report of
 * a failure shows it.
 */
sealed interface Action {
    String DONE = "done";
    String NOT_FOUND = "not found";
    String EXISTS = "exists already";

    /** What becomes of it by the rules. */
    String believed(Beliefs beliefs);

    /** Does it, and waits for the answer. */
    String done(ModelWorker worker, int step);

    /** The version of the {@code nth} config that a step sends. */
    static int version(int step, int nth) {
        return step * 100 + nth;
    }

    record Create(
            ConnectorName connector,
            Wanted wanted,
            @Nullable TargetState initial) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.create(connector, wanted, initial, 0) ? DONE : EXISTS;
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(
                    herder -> herder.createConnector(connector, wanted.config(connector, version(step, 0)), initial));
        }
    }

    record Put(ConnectorName connector, Wanted wanted) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            beliefs.configure(connector, wanted, 0);
            return DONE;
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(herder -> herder.putConfig(connector, wanted.config(connector, version(step, 0))));
        }
    }

    record Patch(ConnectorName connector, Wanted wanted) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            if (beliefs.of(connector).isEmpty()) {
                return NOT_FOUND;
            }
            beliefs.configure(connector, wanted, 0);
            return DONE;
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(herder -> herder.patchConfig(connector, wanted.patch(version(step, 0))));
        }
    }

    /** Pause, resume or stop. */
    record Retarget(ConnectorName connector, TargetState target) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.change(connector, (now, step) -> now.retargeted(target, step));
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(herder -> ModelWorker.retarget(herder, connector, target));
        }
    }

    record Delete(ConnectorName connector) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.delete(connector) ? DONE : NOT_FOUND;
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(herder -> herder.delete(connector));
        }
    }

    record Restart(ConnectorName connector, boolean includeTasks, boolean onlyFailed) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            Optional<Believed> before = beliefs.of(connector);
            if (before.isEmpty()) {
                return NOT_FOUND;
            }
            boolean itself = !onlyFailed || before.get().life() == Believed.Life.FAILED;
            beliefs.change(
                    connector,
                    (now, step) -> now.restarted(itself, task -> includeTasks && (!onlyFailed || task.failed()), step));
            return includeTasks || onlyFailed ? plan(itself, before.get()) : DONE;
        }

        private String plan(boolean itself, Believed before) {
            List<String> restarting = new ArrayList<>();
            if (itself) {
                restarting.add("connector");
            }
            for (int task = 0; includeTasks && task < before.tasks().size(); task++) {
                if (!onlyFailed || before.tasks().get(task).failed()) {
                    restarting.add(String.valueOf(task));
                }
            }
            return "restarting " + restarting;
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.restart(connector, includeTasks, onlyFailed);
        }
    }

    record RestartTask(ConnectorName connector, int task) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.of(connector)
                            .filter(now -> task < now.tasks().size())
                            .isEmpty()
                    ? NOT_FOUND
                    : beliefs.change(connector, (now, step) -> now.taskRestarted(task, step));
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(herder -> herder.restartTask(connector.task(task)));
        }
    }

    /** A task that runs fails; nothing happens if it does not run. */
    record FailTask(ConnectorName connector, int task) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.of(connector).filter(now -> now.runs(task)).isEmpty()
                    ? NOT_FOUND
                    : beliefs.change(connector, (now, step) -> now.taskFailed(task));
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.world()
                    .tasks()
                    .of(connector.task(task))
                    .filter(begun -> begun.life().fail())
                    .map(failing -> DONE)
                    .orElse(NOT_FOUND);
        }
    }

    /** A connector that runs says that it cannot go on; nothing happens if it does not run. */
    record RaiseError(ConnectorName connector) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.of(connector)
                            .filter(now -> now.life() == Believed.Life.RUNNING)
                            .isEmpty()
                    ? NOT_FOUND
                    : beliefs.change(connector, (now, step) -> now.failed());
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.world()
                    .connectors()
                    .of(connector)
                    .map(begun -> {
                        begun.life().raiseError();
                        return DONE;
                    })
                    .orElse(NOT_FOUND);
        }
    }

    /** What made the start fail is mended: the next one will not. */
    record Mend(ConnectorName connector) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            return beliefs.change(connector, (now, step) -> now.mended());
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.mend(connector);
        }
    }

    /**
     * Commands in a row, none of which waits for the one before: a new config, configs and wishes in any order, and a last wish,
     * null for deletion. What lies between is not to be seen in the end.
     */
    record Burst(
            ConnectorName connector,
            Wanted first,
            List<Hasty> hasty,
            @Nullable TargetState last) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            beliefs.configure(connector, first, 0);
            for (int nth = 0; nth < hasty.size(); nth++) {
                Hasty one = hasty.get(nth);
                if (one.wanted != null) {
                    beliefs.configure(connector, one.wanted, nth + 1);
                } else {
                    beliefs.change(connector, (now, step) -> now.retargeted(one.target, step));
                }
            }
            TargetState wish = last;
            if (wish == null) {
                beliefs.delete(connector);
                return DONE;
            }
            return beliefs.change(connector, (now, step) -> now.retargeted(wish, step));
        }

        @Override
        public String done(ModelWorker worker, int step) {
            return worker.answer(herder -> {
                List<CompletionStage<?>> answers = new ArrayList<>();
                answers.add(herder.putConfig(connector, first.config(connector, version(step, 0))));
                for (int nth = 0; nth < hasty.size(); nth++) {
                    Hasty one = hasty.get(nth);
                    answers.add(
                            one.wanted == null
                                    ? ModelWorker.retarget(herder, connector, one.target)
                                    : herder.putConfig(
                                            connector, one.wanted.config(connector, version(step, nth + 1))));
                }
                answers.add(last == null ? herder.delete(connector) : ModelWorker.retarget(herder, connector, last));
                return ModelWorker.all(answers);
            });
        }
    }

    /** One command of a burst: a config, or if that is null a wish. */
    record Hasty(@Nullable Wanted wanted, TargetState target) {
        @Override
        public String toString() {
            return wanted == null ? target.toString() : wanted.toString();
        }
    }

    /**
     * The worker is stopped and started over the same logs.
     *
     * @param compacted whether the logs have been compacted meanwhile
     */
    record RestartWorker(boolean compacted) implements Action {
        @Override
        public String believed(Beliefs beliefs) {
            beliefs.changeAll((now, step) -> now.restarted(true, task -> true, step));
            return DONE;
        }

        @Override
        public String done(ModelWorker worker, int step) {
            worker.restart(compacted);
            return DONE;
        }
    }
}
