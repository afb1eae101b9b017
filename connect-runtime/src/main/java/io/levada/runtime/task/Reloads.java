/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import io.levada.runtime.threads.ApartThreads;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restarts a connector when the life of a value that a config provider lent it is over, unless its {@code config.action.reload} is
 * {@code none} (KIP-297). Safe for use by many threads.
 */
final class Reloads implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reloads.class);
    private static final String ACTION = "config.action.reload";

    /** A value that never lives must not keep its connector restarting without a pause. */
    private static final long WAIT_MIN_MS = 1_000;

    private final CompletableFuture<ValuesExpired> restart = new CompletableFuture<>();
    private final Map<ConnectorName, Map<Source, ScheduledFuture<?>>> waiting = new HashMap<>();
    private final ScheduledThreadPoolExecutor timer;

    /**
     * Where values came from. A task may still start with the config that its connector had before: what expires of the one restarts nothing of the other.
     *
     * @param connectorConfig of the connector that uses them
     * @param path at the provider
     */
    private record Source(Map<String, @Nullable String> connectorConfig, String path) {}

    Reloads() {
        this.timer = new ScheduledThreadPoolExecutor(1, task -> ApartThreads.of("levada-config-reload", task));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** How to restart; what is due earlier waits for this. Must not block. */
    void restartWith(ValuesExpired work) {
        restart.complete(work);
    }

    /**
     * Plans the restarts, one for each path and connector config.
     *
     * @param ttls milliseconds by the path that the values came from
     * @param anew whether the connector itself begins with these values: what was planned for those before is no more, whatever their path. Otherwise they
     *     are those of a task, beside which others are in use, and of a path for which a restart is planned already the sooner one counts.
     */
    synchronized void plan(
            ConnectorName connector,
            Map<String, @Nullable String> connectorConfig,
            Map<String, Long> ttls,
            boolean anew) {
        if (anew) {
            waiting.getOrDefault(connector, Map.of()).values().forEach(before -> before.cancel(false));
            waiting.remove(connector);
        }
        if (ttls.isEmpty() || isOff(connectorConfig) || timer.isShutdown()) {
            return;
        }
        Map<Source, ScheduledFuture<?>> ofConnector = waiting.computeIfAbsent(connector, name -> new HashMap<>());
        ttls.forEach((path, ttl) -> {
            Source source = new Source(connectorConfig, path);
            long waitMs = Math.max(ttl, WAIT_MIN_MS);
            ScheduledFuture<?> before = ofConnector.get(source);
            if (before == null || before.getDelay(TimeUnit.MILLISECONDS) > waitMs) {
                ofConnector.put(
                        source, timer.schedule(() -> expired(connector, source), waitMs, TimeUnit.MILLISECONDS));
                if (before != null) {
                    before.cancel(false);
                }
            }
        });
    }

    private static boolean isOff(Map<String, @Nullable String> connectorConfig) {
        return Settings.text(connectorConfig, ACTION, "").equalsIgnoreCase("none");
    }

    private void expired(ConnectorName connector, Source source) {
        forget(connector, source);
        LOGGER.atInfo()
                .addKeyValue("connector", connector)
                .addKeyValue("path", source.path)
                .log("values of a config provider have expired, the connector restarts if they are still in use");
        CompletionStage<?> unused = restart.thenCompose(work -> work.restart(connector, source.connectorConfig))
                .whenComplete((done, failure) -> {
                    if (failure
                            != null) { // deleted meanwhile, or it restarts already: both read the values anew if they
                        // must
                        LOGGER.atInfo()
                                .addKeyValue("connector", connector)
                                .addKeyValue("error", failure.toString())
                                .log("not restarted for its expired values");
                    }
                });
    }

    private synchronized void forget(ConnectorName connector, Source source) {
        Map<Source, ScheduledFuture<?>> ofConnector = waiting.get(connector);
        if (ofConnector != null) {
            ofConnector.remove(source);
            if (ofConnector.isEmpty()) {
                waiting.remove(connector);
            }
        }
    }

    @Override
    public synchronized void close() {
        timer.shutdownNow();
        waiting.clear();
    }
}
