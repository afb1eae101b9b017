/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskSpec;
import java.util.concurrent.Semaphore;
import org.apache.kafka.connect.errors.ConnectException;

/** A task that does nothing but obey, and fails when it is told to. */
final class ScriptedLoop implements TaskLoop {
    private final TaskSpec spec;
    private final TaskControl control;
    private final TaskListener listener;
    private final World world;
    private final Semaphore changes = new Semaphore(0);
    private final boolean slow;
    private volatile boolean failing;

    ScriptedLoop(TaskSpec spec, TaskControl control, TaskListener listener, World world) {
        this.spec = spec;
        this.control = control;
        this.listener = listener;
        this.world = world;
        this.slow = "true".equals(spec.taskConfig().get(Wanted.SLOW));
        control.onChange(changes::release);
    }

    /** False if it keeps still or stops already. */
    boolean fail() {
        boolean runs = !control.paused() && !control.stopping();
        failing = runs;
        changes.release();
        return runs;
    }

    @Override
    public String version() {
        return ScriptedSource.CLASS_VERSION;
    }

    @Override
    public void run() throws InterruptedException {
        int version = Integer.parseInt(String.valueOf(spec.taskConfig().get(Wanted.VERSION)));
        world.taskBegins(spec.id(), this, version, control.stopping(), control.paused());
        try {
            ScriptedSource.takeTime(slow);
            control.awaitResumedOrPaused(() -> listener.onPaused(version()));
            if (!control.stopping()) {
                listener.onRunning(version());
                listener.onReady();
                obey();
            }
            ScriptedSource.takeTime(slow);
        } finally {
            world.tasks().end(spec.id(), this);
        }
    }

    private void obey() throws InterruptedException {
        while (!control.stopping()) {
            if (failing) {
                throw new ConnectException("told to fail");
            }
            if (control.paused()) {
                listener.onPaused(version());
                control.awaitResumed();
                if (!control.stopping()) {
                    listener.onRunning(version());
                    listener.onReady();
                }
            } else {
                changes.acquire();
            }
        }
    }

    @Override
    public void signalStop() {
        world.violated(spec.id() + " was told to stop twice, as if it hung");
    }

    @Override
    public void abandon() {
        world.violated(spec.id() + " was left behind");
    }
}
