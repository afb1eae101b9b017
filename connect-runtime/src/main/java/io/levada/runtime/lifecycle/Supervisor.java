/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.config.RestartPolicy;
import io.levada.runtime.status.State;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what the lives of connectors, or of tasks, say of themselves into statuses and restarts. From a failure on the
 * status stays FAILED, over all automatic restarts, until one has proven healthy. Owned by the herder's thread.
 *
 * @param <K> connectors or tasks
 */
final class Supervisor<K> {
    private static final Logger LOGGER = LoggerFactory.getLogger(Supervisor.class);

    private final Executor thread;
    private final RestartSchedule<K> restarts;
    private final RestartPolicy fallback;
    private final StatusSaying<K> statuses;

    /** Writes a status. */
    @FunctionalInterface
    interface StatusSaying<K> {
        void say(K key, State state, @Nullable String trace, @Nullable String version);
    }

    /** @param fallback the worker's policy, which a connector's config may change */
    Supervisor(Executor thread, RestartSchedule<K> restarts, RestartPolicy fallback, StatusSaying<K> statuses) {
        this.thread = thread;
        this.restarts = restarts;
        this.fallback = fallback;
        this.statuses = statuses;
    }

    /**
     * The ear of one life.
     *
     * @param current whether this life still is the one there is
     * @param config the connector's
     * @param restart ends this life and begins the next
     */
    HostEvents ofLife(
            K key, BooleanSupplier current, Supplier<Map<String, @Nullable String>> config, Runnable restart) {
        return new Life(key, current, config, restart, restarts.failure(key).isPresent());
    }

    /** What is known of a failure; empty if it is healthy. */
    Optional<FailureReport> failure(K key) {
        return restarts.failure(key);
    }

    /** Nothing is planned any more and nothing held against it. */
    void forget(K key) {
        restarts.forget(key);
    }

    private final class Life implements HostEvents {
        private final K key;
        private final BooleanSupplier current;
        private final Supplier<Map<String, @Nullable String>> config;
        private final Runnable restart;
        private final boolean onProbation;
        /** As last heard; the herder's thread. */
        private State state = State.UNASSIGNED;

        private @Nullable String version;

        private Life(
                K key,
                BooleanSupplier current,
                Supplier<Map<String, @Nullable String>> config,
                Runnable restart,
                boolean onProbation) {
            this.key = key;
            this.current = current;
            this.config = config;
            this.restart = restart;
            this.onProbation = onProbation;
        }

        @Override
        public boolean onProbation() {
            return onProbation;
        }

        @Override
        public void onState(State now, @Nullable String pluginVersion) {
            whileCurrent(() -> {
                state = now;
                version = pluginVersion;
                if (now != State.RUNNING) {
                    restarts.still(key);
                    sayState();
                } else if (restarts.running(key)) {
                    sayState();
                } else {
                    statuses.say(key, State.FAILED, restarts.trace(key), version);
                }
            });
        }

        @Override
        public void onReady() {
            whileCurrent(() -> {
                if (state == State.RUNNING) {
                    restarts.ready(key, policy(), this::sayState);
                }
            });
        }

        @Override
        public void onClosing() {
            whileCurrent(() -> restarts.closing(key));
        }

        @Override
        public void onWorked() {
            whileCurrent(() -> {
                if (restarts.worked(key)) {
                    sayState();
                }
            });
        }

        @Override
        public void onFailure(Throwable cause, @Nullable String pluginVersion) {
            KnownFailure failure = KnownFailure.of(cause);
            whileCurrent(() -> {
                Optional<String> fatal = FatalCause.of(failure, config.get());
                FailureReport report = restarts.failed(key, policy(), failure, fatal, restart);
                LOGGER.atInfo().addKeyValue("what", key).log(report.advice());
                statuses.say(key, State.FAILED, restarts.trace(key), pluginVersion);
            });
        }

        private void sayState() {
            statuses.say(key, state, null, version);
        }

        private void whileCurrent(Runnable message) {
            thread.execute(() -> {
                if (current.getAsBoolean()) {
                    message.run();
                }
            });
        }

        private RestartPolicy policy() {
            try {
                return fallback.overriddenBy(config.get());
            } catch (ConfigException e) {
                LOGGER.atWarn()
                        .addKeyValue("error", e.getMessage())
                        .log("connector's restart settings make no sense, the worker's hold");
                return fallback;
            }
        }
    }
}
