/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.offsets.OffsetStores;
import io.levada.runtime.plugins.ConnectorPlugins;
import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.Secrets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/** Offsets of source connectors: in the offset topic or one of its own, after the connector itself was asked (KIP-875). */
final class SourceOffsets {
    /** Within the time in which REST answers. */
    private static final Duration READ_MAX = Duration.ofSeconds(60);

    private final OffsetStores stores;
    private final Plugins plugins;
    private final Secrets secrets;
    private final PluginJobs jobs;
    private final Fencing fencing;

    SourceOffsets(OffsetStores stores, Plugins plugins, Secrets secrets, PluginJobs jobs, Fencing fencing) {
        this.stores = stores;
        this.plugins = plugins;
        this.secrets = secrets;
        this.jobs = jobs;
        this.fencing = fencing;
    }

    CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name, Map<String, @Nullable String> config) {
        return with(
                name,
                config,
                store -> readToEnd(name, store)
                        .thenApply(read -> store.offsets().entrySet().stream()
                                .map(stored -> new ConnectorOffset(stored.getKey(), stored.getValue()))
                                .toList()));
    }

    CompletionStage<Boolean> alter(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        return with(name, config, store -> change(name, config, store, () -> wanted));
    }

    CompletionStage<Boolean> reset(ConnectorName name, Map<String, @Nullable String> config) {
        return with(
                name,
                config,
                store -> change(name, config, store, () -> {
                    Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> none =
                            new LinkedHashMap<>();
                    store.offsets().keySet().forEach(partition -> none.put(partition, null));
                    return none;
                }));
    }

    /**
     * A task that was given up must not undo it, so it is fenced. That comes first: only when what it has open is aborted can be read what
     * was committed after it, and that is to be changed as well.
     */
    private CompletionStage<Boolean> change(
            ConnectorName name,
            Map<String, @Nullable String> config,
            ConnectorOffsets store,
            Supplier<Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>>> change) {
        return jobs.run(() -> LogContext.of(name).call(() -> {
                    fencing.all(name, secrets.resolve(config));
                    return true;
                }))
                .thenCompose(fenced -> readToEnd(name, store))
                .thenCompose(read -> change(name, config, store, change.get()));
    }

    /** A transaction of another connector's task may be in the way, for longer than the next command on this connector shall wait. */
    private static CompletionStage<Void> readToEnd(ConnectorName name, ConnectorOffsets store) {
        return store.readToEnd()
                .toCompletableFuture()
                .copy()
                .orTimeout(READ_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    if (failure instanceof TimeoutException) {
                        throw new ConnectException(
                                "The offsets of connector " + name + " could not be read to their end within "
                                        + READ_MAX.toSeconds()
                                        + " s: the brokers are out of reach, or a transaction is open in topic "
                                        + store.topic()
                                        + ", which its task ends when it begins again, or the brokers in time. Try again"
                                        + " then.",
                                failure);
                    }
                    throw failure instanceof CompletionException known ? known : new CompletionException(failure);
                });
    }

    private CompletionStage<Boolean> change(
            ConnectorName name,
            Map<String, @Nullable String> config,
            ConnectorOffsets store,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        return jobs.run(() -> LogContext.of(name).call(() -> agrees(name, config, wanted)))
                .thenCompose(agreed -> store.write(wanted)
                        .thenCompose(written -> readToEnd(name, store))
                        .thenApply(read -> agreed));
    }

    /** Opens the offsets, which may block, and closes them when the work is done. */
    private <T> CompletionStage<T> with(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Function<ConnectorOffsets, CompletionStage<T>> work) {
        CompletionStage<ConnectorOffsets> opened = stores.mayBlock(config)
                ? jobs.run(() -> stores.open(name, secrets.resolve(config)))
                : CompletableFuture.completedFuture(stores.open(name, config));
        return opened.thenCompose(store -> {
            CompletionStage<T> done = work.apply(store);
            var unused = done.whenComplete((result, failure) -> jobs.run(() -> {
                store.close();
                return true;
            }));
            return done;
        });
    }

    private boolean agrees(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        String connectorClass = String.valueOf(config.get("connector.class"));
        ConnectorPlugins own = plugins.of(new PluginChoice(connectorClass, config.get("connector.plugin.version")));
        Connector connector = own.newConnector();
        if (!(connector instanceof SourceConnector source)) {
            throw new ConnectException(connectorClass + " is not a source connector");
        }
        Map<Map<String, ?>, Map<String, ?>> offsets = new LinkedHashMap<>(wanted);
        return LoaderSwap.call(
                own.loader(), () -> secrets.with(config, resolved -> agrees(name, source, resolved, offsets)));
    }

    private static boolean agrees(
            ConnectorName name,
            SourceConnector source,
            Map<String, @Nullable String> resolved,
            Map<Map<String, ?>, Map<String, ?>> offsets) {
        try {
            return source.alterOffsets(resolved, offsets);
        } catch (UnsupportedOperationException e) {
            throw new ConnectException(
                    "Failed to modify offsets for connector " + name
                            + " because it doesn't support external modification of offsets",
                    e);
        }
    }
}
