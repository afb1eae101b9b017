/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.offsets.ConnectorOffsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** A source connector's view of its stored offsets: never older than the call. Blocks its caller, within a bound. */
public final class StoredOffsets implements OffsetStorageReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ConnectorName connector;
    private final ConnectorOffsets store;

    public StoredOffsets(ConnectorName connector, ConnectorOffsets store) {
        this.connector = connector;
        this.store = store;
    }

    @Override
    @SuppressWarnings("NullAway") // The API answers null where nothing is stored.
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
        refresh();
        return store.offset(partition);
    }

    @Override
    @SuppressWarnings("NullAway") // As above.
    public <T> Map<Map<String, T>, @Nullable Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        refresh();
        Map<Map<String, T>, @Nullable Map<String, Object>> found = new HashMap<>();
        partitions.forEach(partition -> found.put(partition, store.offset(partition)));
        return found;
    }

    private void refresh() {
        try {
            store.readToEnd().toCompletableFuture().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while reading the offsets of connector " + connector, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new ConnectException(
                    "Cannot read the offsets of connector " + connector + " within " + TIMEOUT.toSeconds()
                            + " s; are the brokers up?",
                    e);
        }
    }
}
