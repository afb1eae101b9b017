/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.metrics.ConnectorMeter;
import io.levada.runtime.metrics.OwnPluginMetrics;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.plan.ConnectorWork;
import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.status.State;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.source.TopicCreation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.connector.ConnectorContext;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a connector: from start to stop under one config, or to its failure. Its owner calls from the herder's
 * thread; the plugin and the state belong to the connector's own. When it was given up its next life has begun: of a plugin that comes back after that,
 * nothing is called but {@code stop()}.
 */
final class ConnectorHost implements Host {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectorHost.class);

    private final ConnectorName name;
    private final Map<String, @Nullable String> config;
    private final TaskServices services;
    private final HostEvents events;
    private final Function<List<Map<String, @Nullable String>>, CompletionStage<Void>> taskConfigs;
    private final PluginThread thread;
    private ConnectorState state = new ConnectorState.Idle(State.UNASSIGNED);
    private @Nullable ClassLoader loader;
    private @Nullable OwnPluginMetrics metrics;
    private @Nullable ConnectorOffsets offsets;
    private @Nullable TaskConfigs maker;
    private @Nullable ConnectorMeter meter;
    private Resolved fromProviders = Resolved.NOTHING;

    /** @param taskConfigs takes what the plugin makes, and says when it is written or why it cannot be */
    ConnectorHost(
            ConnectorName name,
            ConnectorWork work,
            TaskServices services,
            HostEvents events,
            Function<List<Map<String, @Nullable String>>, CompletionStage<Void>> taskConfigs) {
        this.name = name;
        this.config = work.config();
        this.services = services;
        this.events = events;
        this.taskConfigs = taskConfigs;
        this.thread = new PluginThread("connector-thread-" + name, LogContext.of(name));
        target(work.target());
    }

    /** Makes the connector what it should be. */
    void target(TargetState target) {
        thread.submit(() -> guarded(() -> moveTo(target)));
    }

    @Override
    public CompletionStage<Void> stop() {
        return thread.end(this::stopPlugin);
    }

    @Override
    public void signalStop() {
        // A connector knows no other way to be told than stop() itself, which is what hangs or waits its turn.
    }

    @Override
    public void abandon() {
        if (!thread.hasEnded()) {
            LOGGER.atWarn().addKeyValue("connector", name).log("connector does not stop in time and is left behind");
        }
        thread.abandon();
    }

    private void moveTo(TargetState target) {
        meter();
        if (target == TargetState.STARTED) {
            start();
        } else {
            State reported = target == TargetState.PAUSED ? State.PAUSED : State.STOPPED;
            stopPlugin();
            if (target == TargetState.STOPPED || !(state instanceof ConnectorState.Failed)) {
                state = new ConnectorState.Idle(reported);
                events.onState(reported, version());
            }
        }
    }

    private void start() {
        if (!(state instanceof ConnectorState.Idle idle)) {
            return;
        }
        PluginChoice choice = PluginChoice.ofConnector(config);
        if (choice == null) {
            throw new ConfigException("Connector config of " + name + " contains no connector type (connector.class)");
        }
        config.forEach((key, value) -> {
            if (value == null) {
                throw new ConfigException("Non-string value found in original settings for key " + key
                        + ": null; remove the key or give it a value");
            }
        });
        ConnectorPlugins plugins = services.plugins().of(choice);
        loader = plugins.loader();
        Map<String, @Nullable String> resolved = services.secrets().resolveForConnector(name, config);
        fromProviders = Resolved.between(config, resolved);
        Connector plugin = plugins.newConnector();
        maker = new TaskConfigs(name, config, resolved);
        if (plugin instanceof SourceConnector) {
            refuseExactlyOnce(resolved, services.worker().exactlyOnceSources());
            if (services.worker().topicRules().creation()) {
                TopicCreation.check(resolved);
            }
        }
        ConnectorOffsets stored =
                plugin instanceof SourceConnector ? services.offsets().open(name, resolved) : null;
        offsets = stored;
        OwnPluginMetrics own = services.meters().plugins().ofConnector(name.value());
        metrics = own;
        ConnectorContext context =
                ConnectorContexts.of(name, plugin, stored, this::requestTaskConfigs, this::fail, own);
        if (!LoaderSwap.<Boolean>call(loader, () -> begun(plugin, context, resolved))) {
            return;
        }
        state = idle.started(plugin);
        if (thread.abandoned()) {
            LOGGER.atWarn()
                    .addKeyValue("connector", name)
                    .log("connector that was left behind has started all the same, and is stopped");
            return;
        }
        meter().started();
        events.onState(State.RUNNING, plugin.version());
        events.onReady();
        LOGGER.atInfo().addKeyValue("connector", name).log("connector started");
        makeTaskConfigs();
    }

    /** False if it was given up before it came to start(): beside its next life it must not begin. */
    private boolean begun(Connector plugin, ConnectorContext context, Map<String, @Nullable String> resolved) {
        if (!thread.abandoned()) {
            plugin.initialize(context);
        }
        if (thread.abandoned()) {
            LOGGER.atWarn().addKeyValue("connector", name).log("connector that was left behind is not started");
            return false;
        }
        plugin.start(resolved);
        return true;
    }

    /** A promise that would not be kept is not made. */
    private static void refuseExactlyOnce(Map<String, @Nullable String> resolved, boolean served) {
        if (!served
                && Settings.text(resolved, "exactly.once.support", "requested").equalsIgnoreCase("required")) {
            throw new ConfigException(
                    "exactly.once.support",
                    "required",
                    "This worker delivers from sources at least once; use requested");
        }
    }

    private void requestTaskConfigs() {
        thread.submit(() -> guarded(this::makeTaskConfigs));
    }

    private void makeTaskConfigs() {
        if (state instanceof ConnectorState.Running running && maker != null && loader != null) {
            TaskConfigs open = maker;
            CompletionStage<Void> unused = taskConfigs
                    .apply(LoaderSwap.call(loader, () -> open.of(running.plugin())))
                    .whenComplete((written, refused) -> thread.submit(() -> taskConfigsAnswered(running, refused)));
        }
    }

    /** What a connector is for is done once its task configs are written. One that runs no more makes them anew when it starts. */
    private void taskConfigsAnswered(ConnectorState.Running maker, @Nullable Throwable refused) {
        if (!(state instanceof ConnectorState.Running now) || now.plugin() != maker.plugin()) {
            return;
        }
        if (refused == null) {
            events.onWorked();
        } else {
            failed(Failures.unwrap(refused));
        }
    }

    /** The plugin says that it cannot go on (raiseError), from any thread. */
    private void fail(Exception cause) {
        thread.submit(() -> failed(cause));
    }

    private void guarded(Runnable job) {
        try {
            job.run();
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void failed(Throwable failure) {
        Throwable cause = Failures.told(failure, Settings.text(config, "connector.class"), fromProviders);
        String version = version();
        if (state instanceof ConnectorState.Failed) {
            return;
        }
        stopPlugin();
        state = new ConnectorState.Failed(cause);
        if (thread.abandoned()) {
            LOGGER.atWarn()
                    .addKeyValue("connector", name)
                    .addKeyValue("error", FailureText.of(cause))
                    .log("connector that was left behind has failed");
            return;
        }
        meter().failed();
        LOGGER.atError().addKeyValue("connector", name).setCause(cause).log("connector failed");
        events.onFailure(cause, version);
    }

    private void stopPlugin() {
        if (state instanceof ConnectorState.Running running) {
            state = running.stopped(State.UNASSIGNED);
            try {
                LoaderSwap.run(loader == null ? getClass().getClassLoader() : loader, running.plugin()::stop);
                LOGGER.atInfo().addKeyValue("connector", name).log("connector stopped");
            } catch (Throwable e) { // whatever it is: what was opened for the plugin is closed below
                LOGGER.atWarn()
                        .addKeyValue("connector", name)
                        .setCause(Failures.told(e, Settings.text(config, "connector.class"), fromProviders))
                        .log("stop() of a connector failed");
            }
        }
        OwnPluginMetrics open = metrics;
        if (open != null) {
            open.close();
            metrics = null;
        }
        ConnectorOffsets read = offsets;
        if (read != null) {
            read.close();
            offsets = null;
        }
    }

    /** Made when it is first needed, on this thread: whoever is told of new metrics must not hold up the herder. */
    private ConnectorMeter meter() {
        ConnectorMeter made = meter;
        if (made == null) {
            made = services.meters().begin(name);
            meter = made;
            describe(made);
        }
        return made;
    }

    private void describe(ConnectorMeter made) {
        try {
            PluginChoice choice = PluginChoice.ofConnector(config);
            if (choice != null) {
                ConnectorPlugins plugins = services.plugins().of(choice);
                made.describe(services.plugins().type(choice), plugins.className(), plugins.version());
            }
        } catch (ConnectException | IllegalArgumentException ignored) {
            // The class is not there, or not in this version, which the state says.
        }
    }

    private @Nullable String version() {
        try {
            PluginChoice choice = PluginChoice.ofConnector(config);
            return choice == null ? null : services.plugins().of(choice).versionIfSaid();
        } catch (ConnectException | IllegalArgumentException ignored) {
            return null; // The class is not there, or not in this version, which the state says already.
        }
    }
}
