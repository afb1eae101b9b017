/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.fencing.Fencing;
import io.levada.runtime.lifecycle.Failures;
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
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/** Offsets of source connectors: in the offset topic or one of its own, after the connector itself was asked (KIP-875). */
final class SourceOffsets {
    /** Within the time in which REST answers. */
    static final Duration READ_MAX = Duration.ofSeconds(60);

    /** The clients of a connector's own topic take some seconds, if brokers are out of reach. */
    static final Duration CLOSE_MAX = Duration.ofSeconds(60);

    private final Stores stores;
    private final Plugins plugins;
    private final Secrets secrets;
    private final PluginJobs jobs;
    private final Fencing fencing;
    private final Bounds bounds;
    private final OpenOffsets open = new OpenOffsets();

    /**
     * How long a request waits.
     *
     * @param read for reading the offsets to their end, which a transaction of another connector's task may hold up
     * @param close for closing them, for which nobody waits
     */
    record Bounds(Duration read, Duration close) {
        static final Bounds DEFAULT = new Bounds(READ_MAX, CLOSE_MAX);
    }

    /**
     * Opens offsets, as {@link OffsetStores} does.
     *
     * @param mayBlock whether opening and closing those of a connector with this config may block
     */
    record Stores(
            Predicate<Map<String, @Nullable String>> mayBlock,
            BiFunction<ConnectorName, Map<String, @Nullable String>, ConnectorOffsets> open) {}

    SourceOffsets(Stores stores, Plugins plugins, Secrets secrets, PluginJobs jobs, Fencing fencing, Bounds bounds) {
        this.stores = stores;
        this.plugins = plugins;
        this.secrets = secrets;
        this.jobs = jobs;
        this.fencing = fencing;
        this.bounds = bounds;
    }

    CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name, Map<String, @Nullable String> config) {
        // Reading the worker's topic calls no plugin: secrets that cannot be had are not in the way.
        CompletionStage<Map<String, @Nullable String>> usable =
                stores.mayBlock.test(config) ? resolved(name, config) : CompletableFuture.completedFuture(config);
        return usable.thenCompose(known -> with(
                name,
                config,
                known,
                store -> readToEnd(name, store)
                        .thenApply(read -> store.offsets().entrySet().stream()
                                .map(stored -> new ConnectorOffset(stored.getKey(), stored.getValue()))
                                .toList())));
    }

    CompletionStage<Boolean> alter(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        return change(name, config, store -> wanted);
    }

    CompletionStage<Boolean> reset(ConnectorName name, Map<String, @Nullable String> config) {
        return change(name, config, store -> {
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> none =
                    new LinkedHashMap<>();
            store.offsets().keySet().forEach(partition -> none.put(partition, null));
            return none;
        });
    }

    private CompletionStage<Map<String, @Nullable String>> resolved(
            ConnectorName name, Map<String, @Nullable String> config) {
        return jobs.run(name, () -> secrets.resolve(config));
    }

    /**
     * A task that was given up must not undo it, so it is fenced. That comes first: only when what it has open is aborted can be read what
     * was committed after it, and that is to be changed as well.
     */
    private CompletionStage<Boolean> change(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Function<
                            ConnectorOffsets,
                            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>>>
                    change) {
        return resolved(name, config)
                .thenCompose(resolved -> with(
                        name,
                        config,
                        resolved,
                        store -> jobs.run(
                                        name,
                                        () -> LogContext.of(name).call(() -> {
                                            fencing.all(name, resolved);
                                            return true;
                                        }))
                                .thenCompose(fenced -> readToEnd(name, store))
                                .thenCompose(read -> change(name, config, resolved, store, change.apply(store)))));
    }

    /** A transaction of another connector's task may be in the way, for longer than the next command on this connector shall wait. */
    private CompletionStage<Void> readToEnd(ConnectorName name, ConnectorOffsets store) {
        return store.readToEnd()
                .toCompletableFuture()
                .copy()
                .orTimeout(bounds.read.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    if (failure instanceof TimeoutException) {
                        throw new ConnectException(
                                "The offsets of connector " + name + " could not be read to their end within "
                                        + bounds.read.toSeconds()
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
            Map<String, @Nullable String> resolved,
            ConnectorOffsets store,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        return jobs.run(
                        name,
                        () -> LogContext.of(name).call(() -> {
                            boolean agreed = agrees(name, config, resolved, wanted);
                            fencing.beforeChange(name); // the connector may have taken its time
                            return agreed;
                        }))
                .thenCompose(agreed -> store.write(wanted)
                        .thenCompose(written -> readToEnd(name, store))
                        .thenApply(read -> agreed));
    }

    /**
     * Opens the offsets and closes them when the work is done, whatever came of it. Where that may block the answer does not wait for the closing. What
     * fails meanwhile tells nothing of what config providers gave.
     *
     * @param resolved the same config, resolved if opening may block
     */
    private <T> CompletionStage<T> with(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<String, @Nullable String> resolved,
            Function<ConnectorOffsets, CompletionStage<T>> work) {
        CompletionStage<T> answer = stores.mayBlock.test(resolved)
                ? withOwn(name, config, resolved, work)
                : CompletableFuture.completedFuture(resolved).thenCompose(known -> {
                    ConnectorOffsets store = stores.open.apply(name, known);
                    return begun(work, store).whenComplete((result, failure) -> store.close());
                });
        return answer.exceptionallyCompose(
                failure -> CompletableFuture.failedFuture(Secrets.hidden(config, resolved, Failures.unwrap(failure))));
    }

    /** Whoever is given up while it opens the offsets may have them all the same, and nobody is there to use them. */
    private <T> CompletionStage<T> withOwn(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<String, @Nullable String> resolved,
            Function<ConnectorOffsets, CompletionStage<T>> work) {
        ApartClose close = new ApartClose(name, failure -> Secrets.hidden(config, resolved, failure), bounds.close);
        CompletableFuture<ConnectorOffsets> opened = new CompletableFuture<>();
        CompletionStage<Boolean> opening = jobs.run(name, () -> {
            ConnectorOffsets store = open.open(name, () -> stores.open.apply(name, resolved));
            boolean wanted = opened.complete(store);
            if (!wanted) {
                close.begin(() -> open.close(name, store));
            }
            return wanted;
        });
        var unused = opening.whenComplete((wanted, failure) -> {
            if (failure != null) {
                opened.completeExceptionally(failure);
            }
        });
        return opened.thenCompose(store ->
                begun(work, store).whenComplete((result, failure) -> close.begin(() -> open.close(name, store))));
    }

    /** What fails before there is anything to wait for is a failure like any other. */
    private static <T> CompletionStage<T> begun(
            Function<ConnectorOffsets, CompletionStage<T>> work, ConnectorOffsets store) {
        try {
            return work.apply(store);
        } catch (Throwable e) { // whatever it is: it goes on, when the store is closed
            return CompletableFuture.failedFuture(e);
        }
    }

    private boolean agrees(
            ConnectorName name,
            Map<String, @Nullable String> config,
            Map<String, @Nullable String> resolved,
            Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted) {
        ConnectorPlugins own = plugins.of(PluginChoice.requiredOfConnector(config));
        Connector connector = own.newConnector();
        if (!(connector instanceof SourceConnector source)) {
            throw new ConnectException(own.className() + " is not a source connector");
        }
        Map<Map<String, ?>, Map<String, ?>> offsets = new LinkedHashMap<>(wanted);
        return LoaderSwap.call(own.loader(), () -> agrees(name, source, resolved, offsets));
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
