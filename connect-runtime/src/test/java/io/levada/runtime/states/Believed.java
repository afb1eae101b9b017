/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.TargetState;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One connector as the rules of Kafka Connect have it once all has come to rest. Each change is made at a step of the history; a
 * life that it begins bears the step's number, and one that it leaves alone keeps its own.
 *
 * @param version of the config
 * @param life the connector's: what was made of {@code target}
 * @param since the step at which it was started; of no meaning while it does not run
 * @param tasks as its last start made them, which may be from an older config
 */
record Believed(TargetState target, Wanted wanted, int version, Life life, int since, List<Task> tasks) {
    /** What there is of a connector. */
    enum Life {
        RUNNING,
        IDLE,
        FAILED
    }

    /**
     * @param version of the config it was made from
     * @param since the step at which its life began
     */
    record Task(int version, boolean failed, int since) {
        String text(boolean paused) {
            return failed ? "FAILED" : (paused ? "PAUSED" : "RUNNING") + " v" + version + " since " + since;
        }
    }

    Believed {
        tasks = List.copyOf(tasks);
    }

    static Believed created(@Nullable TargetState initial, Wanted wanted, int version, int step) {
        TargetState target = initial == null ? TargetState.STARTED : initial;
        return new Believed(target, wanted, version, Life.IDLE, step, List.of()).begun(step);
    }

    /** A new config; while it is not to run, the tasks stay those of the old one. */
    Believed configured(Wanted changed, int newVersion, int step) {
        return new Believed(target, changed, newVersion, Life.IDLE, since, tasks).begun(step);
    }

    /** What has failed stays so until its next life, unless it is stopped: then nothing is left that could have failed. */
    Believed retargeted(TargetState wish, int step) {
        return switch (wish) {
            case STARTED -> new Believed(wish, wanted, version, life, since, tasks).begun(step);
            case PAUSED -> new Believed(wish, wanted, version, idleUnlessFailed(), since, tasks);
            case STOPPED -> new Believed(wish, wanted, version, Life.IDLE, since, List.of());
        };
    }

    private Life idleUnlessFailed() {
        return life == Life.FAILED ? Life.FAILED : Life.IDLE;
    }

    /** Another life of the connector and of some tasks. */
    Believed restarted(boolean connector, Predicate<Task> concerned, int step) {
        List<Task> anew = tasks.stream()
                .map(task -> concerned.test(task) ? new Task(task.version, false, step) : task)
                .toList();
        Life before = connector ? Life.IDLE : life;
        Believed restarted = new Believed(target, wanted, version, before, since, anew);
        return connector ? restarted.begun(step) : restarted;
    }

    Believed taskRestarted(int number, int step) {
        return withTask(number, new Task(tasks.get(number).version, false, step));
    }

    Believed taskFailed(int number) {
        Task task = tasks.get(number);
        return withTask(number, new Task(task.version, true, task.since));
    }

    private Believed withTask(int number, Task changed) {
        List<Task> all = IntStream.range(0, tasks.size())
                .mapToObj(task -> task == number ? changed : tasks.get(task))
                .toList();
        return new Believed(target, wanted, version, life, since, all);
    }

    Believed failed() {
        return new Believed(target, wanted, version, Life.FAILED, since, tasks);
    }

    /** The same config, whose start will not fail any more. */
    Believed mended() {
        return new Believed(target, new Wanted(wanted.tasks(), false, wanted.slow()), version, life, since, tasks);
    }

    boolean runs(int task) {
        return target == TargetState.STARTED && task < tasks.size() && !tasks.get(task).failed;
    }

    /** A connector that is idle but should run is started, and makes its tasks unless those there are come from its config. */
    private Believed begun(int step) {
        if (life != Life.IDLE || target != TargetState.STARTED) {
            return this;
        }
        if (wanted.fails()) {
            return failed();
        }
        boolean made = tasks.stream().allMatch(task -> task.version == version) && !tasks.isEmpty();
        List<Task> now = made
                ? tasks
                : IntStream.range(0, wanted.tasks())
                        .mapToObj(task -> new Task(version, false, step))
                        .toList();
        return new Believed(target, wanted, version, Life.RUNNING, step, now);
    }

    /** What status and the lives there are must say. */
    String text() {
        String connector = switch (life) {
            case FAILED -> "FAILED";
            case RUNNING -> "RUNNING v" + version + " since " + since;
            case IDLE -> target.name();
        };
        return connector
                + tasks.stream()
                        .map(task -> task.text(target == TargetState.PAUSED))
                        .collect(Collectors.joining(", ", " [", "]"));
    }
}
