/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which topics there are, as an admin client says that is made when somebody first asks. May be asked by many threads. */
public final class ExistingTopics implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExistingTopics.class);
    /** Whoever asks has better things to do than to wait for brokers that are away. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Object> adminSettings;
    private @Nullable Admin admin;
    private boolean closed;

    public ExistingTopics(Map<String, Object> adminSettings) {
        this.adminSettings = Map.copyOf(adminSettings);
    }

    /** All names but those of internal topics; empty if they cannot be had within five seconds. Creates nothing. */
    public Optional<Set<String>> names() {
        try {
            Admin open = admin();
            if (open == null) {
                return Optional.empty();
            }
            int timeoutMs = (int) PATIENCE.toMillis();
            return Optional.of(Set.copyOf(open.listTopics(new ListTopicsOptions().timeoutMs(timeoutMs))
                    .names()
                    .get(timeoutMs, TimeUnit.MILLISECONDS)));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOGGER.atDebug().setCause(e).log("topics cannot be listed, nothing is said of them");
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized @Nullable Admin admin() {
        if (admin == null && !closed) {
            admin = Admin.create(adminSettings);
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
            admin = null;
        }
    }
}
