/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source connector's view of its stored offsets: never older than the call. Blocks its caller, within a bound, or until it is interrupted, as
 * who does not stop in time is.
 *
 * <p>Usually that takes milliseconds. A transaction that a killed task of any connector has left open among the offsets is awaited, until that
 * task begins again or the brokers end it: what was committed after it cannot be told from what was not, and an older offset would
 * have records sent again.
 */
public final class StoredOffsets implements OffsetStorageReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(StoredOffsets.class);

    /** The longest transaction that Kafka's brokers allow is 15 minutes ({@code transaction.max.timeout.ms}); they look for such every 10 s. */
    private static final Duration TIMEOUT = Duration.ofMinutes(16);

    /** After that it is told why it takes so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConnectorName connector;
    private final ConnectorOffsets store;
    private final TaskThreads threads;

    /** @param threads whose caller waits */
    public StoredOffsets(ConnectorName connector, ConnectorOffsets store, TaskThreads threads) {
        this.connector = connector;
        this.store = store;
        this.threads = threads;
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
        CompletionStage<Void> read = store.readToEnd();
        try {
            if (!within(PATIENCE, read)) {
                LOGGER.atWarn()
                        .addKeyValue("connector", connector)
                        .addKeyValue("topic", store.topic())
                        .log(
                                "offsets are still being read; either the brokers are out of reach, or a transaction of a task that was killed"
                                        + " is open, which the brokers end in time");
                if (!within(TIMEOUT.minus(PATIENCE), read)) {
                    throw new ConnectException("Cannot read the offsets of connector " + connector + " within "
                            + TIMEOUT.toMinutes() + " min; are the brokers up, or is a transaction open in topic "
                            + store.topic() + "?");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("Interrupted while reading the offsets of connector " + connector, e);
        } catch (ExecutionException e) {
            throw new ConnectException(
                    "Cannot read the offsets of connector " + connector + ": " + String.valueOf(e.getCause()), e);
        }
    }

    private boolean within(Duration time, CompletionStage<Void> read) throws InterruptedException, ExecutionException {
        try {
            Void unused = threads.get(read, time);
            return true;
        } catch (TimeoutException ignored) {
            return false;
        }
    }
}
