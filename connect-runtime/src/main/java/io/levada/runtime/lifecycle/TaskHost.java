/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.status.State;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLog;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskLoops;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a task, on a thread of its own. Its owner calls from the herder's thread.
 */
final class TaskHost implements Host {
    private static final Logger LOGGER = LoggerFactory.getLogger(TaskHost.class);

    private final TaskSpec spec;
    private final TaskControl control;
    private final TaskLoops loops;
    private final TaskServices services;
    private final HostEvents events;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private volatile @Nullable TaskLoop loop;
    private volatile boolean abandoned;
    /** Written and read by the task's thread. */
    private @Nullable String version;

    /** Written by a plugin's own threads, too, where they ask for its config again. */
    private volatile Resolved fromProviders = Resolved.NOTHING;

    TaskHost(TaskSpec spec, TaskControl control, TaskLoops loops, TaskServices services, HostEvents events) {
        this.spec = spec;
        this.control = control;
        this.loops = loops;
        this.services = services;
        this.events = events;
        this.thread = control.threads().start("task-thread-" + spec.id(), this::run);
    }

    void pause(boolean paused) {
        control.pause(paused);
    }

    @Override
    public CompletionStage<Void> stop() {
        control.stop();
        return ended;
    }

    @Override
    public void signalStop() {
        TaskLoop open = loop;
        if (open != null && !ended.isDone()) {
            apart("task-stop-", open::signalStop);
        }
    }

    @Override
    public void abandon() {
        fence();
        if (!ended.isDone()) {
            LOGGER.atWarn()
                    .addKeyValue("connector", spec.id().connector())
                    .addKeyValue("task", spec.id().task())
                    .log("task does not stop in time and is left behind");
            abandoned = true;
            TaskLoop open = loop;
            if (open != null) {
                apart("task-abandon-", open::abandon);
            }
            thread.interrupt();
        }
    }

    /** At once and on the owner's thread: the next life begins when this returns. */
    private void fence() {
        TaskLoop open = loop;
        if (open != null) {
            open.fence();
        }
    }

    /** On a thread of its own, because a plugin or a client may hang in this call as well. */
    private void apart(String prefix, Runnable call) {
        Thread unused = control.threads()
                .start(prefix + spec.id(), () -> LogContext.of(spec.id()).run(() -> called(call)));
    }

    private void called(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) { // of the plugin, at the top of this thread
            new TaskLog(spec.id(), fromProviders)
                    .cause(LOGGER.atWarn(), e)
                    .log("a task that does not come back could not be told so");
        }
    }

    private void run() {
        try (LogContext.Scope context = LogContext.of(spec.id()).enter()) {
            LOGGER.atTrace().addKeyValue("context", context).log("task thread begins");
            work();
        } catch (Throwable failure) {
            Throwable e =
                    Failures.told(failure, Settings.text(spec.connectorConfig(), "connector.class"), fromProviders);
            if (abandoned) {
                LOGGER.atWarn()
                        .addKeyValue("connector", spec.id().connector())
                        .addKeyValue("task", spec.id().task())
                        .addKeyValue("error", FailureText.of(e))
                        .log("task that was left behind has ended with a failure");
            } else if (isFailure(failure)) {
                LOGGER.atError()
                        .addKeyValue("connector", spec.id().connector())
                        .addKeyValue("task", spec.id().task())
                        .setCause(e)
                        .log("task failed");
                events.onFailure(e, version);
            }
        } finally {
            ended.complete(null);
        }
    }

    private boolean isFailure(Throwable e) {
        return !control.stopping() || !(e instanceof InterruptedException);
    }

    private void work() throws Exception {
        TaskMeter meter = services.meters().begin(spec.id(), spec.type());
        try {
            work(meter);
        } catch (Throwable e) {
            if (isFailure(e)) {
                meter.failed();
            }
            throw e;
        }
    }

    private void work(TaskMeter meter) throws Exception {
        PluginChoice connector = PluginChoice.ofConnector(spec.connectorConfig());
        if (connector == null) {
            throw new ConfigException(
                    "Connector config of " + spec.id().connector() + " contains no connector type (connector.class)");
        }
        LoaderSwap swap = LoaderSwap.to(services.plugins().of(connector).loader());
        try {
            TaskLoop opened = loops.open(spec, control, new Listener(meter), meter);
            loop = opened;
            version = opened.version();
            opened.run();
        } finally {
            swap.close();
        }
    }

    private final class Listener implements TaskListener {
        private final TaskMeter meter;

        private Listener(TaskMeter meter) {
            this.meter = meter;
        }

        @Override
        public void onResolved(Resolved resolved) {
            fromProviders = resolved;
        }

        @Override
        public void onRunning(@Nullable String pluginVersion) {
            version = pluginVersion;
            meter.running();
            events.onState(State.RUNNING, pluginVersion);
        }

        @Override
        public void onReady() {
            events.onReady();
        }

        @Override
        public void onClosing() {
            events.onClosing();
        }

        @Override
        public boolean onProbation() {
            return events.onProbation();
        }

        @Override
        public void onWorked() {
            events.onWorked();
        }

        @Override
        public void onPaused(@Nullable String pluginVersion) {
            version = pluginVersion;
            meter.paused();
            events.onState(State.PAUSED, pluginVersion);
        }
    }
}
