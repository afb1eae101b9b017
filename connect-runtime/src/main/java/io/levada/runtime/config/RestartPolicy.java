/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * When a failed connector or task is started again.
 *
 * @param restartsMax restarts in a row, 0 for none, -1 for no limit
 * @param delay before the first restart; doubles with each
 * @param delayMax upper bound of the delay
 * @param healthy running this long without failure forgives earlier failures
 */
public record RestartPolicy(int restartsMax, Duration delay, Duration delayMax, Duration healthy) {
    private static final Duration FIRST_DELAY_OF_PASSING = Duration.ofSeconds(1);

    /** The keys that a connector may set too. */
    public static List<String> keys() {
        return List.of(
                WorkerKeys.RESTART_MAX,
                WorkerKeys.RESTART_DELAY,
                WorkerKeys.RESTART_DELAY_MAX,
                WorkerKeys.RESTART_HEALTHY);
    }

    /** Whether one more restart is due after {@code restarts} that were in vain. */
    public boolean allows(int restarts) {
        return restartsMax < 0 || restarts < restartsMax;
    }

    /** How long to wait before the restart that follows {@code restarts} others. */
    public Duration delayAfter(int restarts) {
        Duration doubled = delay.multipliedBy(1L << Math.min(restarts, 20));
        return doubled.compareTo(delayMax) < 0 ? doubled : delayMax;
    }

    /** This policy for a cause that may pass by itself: begins sooner. */
    public RestartPolicy forWhatMayPass() {
        return delay.compareTo(FIRST_DELAY_OF_PASSING) > 0
                ? new RestartPolicy(restartsMax, FIRST_DELAY_OF_PASSING, delayMax, healthy)
                : this;
    }

    /** This policy as one connector's config changes it: the worker's keys may be set there too. */
    public RestartPolicy overriddenBy(Map<String, @Nullable String> connectorConfig) {
        return new RestartPolicy(
                (int) number(connectorConfig, WorkerKeys.RESTART_MAX, -1, restartsMax),
                Duration.ofMillis(number(connectorConfig, WorkerKeys.RESTART_DELAY, 1, delay.toMillis())),
                Duration.ofMillis(number(connectorConfig, WorkerKeys.RESTART_DELAY_MAX, 1, delayMax.toMillis())),
                Duration.ofMillis(number(connectorConfig, WorkerKeys.RESTART_HEALTHY, 1, healthy.toMillis())));
    }

    /**
     * What is wrong in the restart keys of a connector's config, by key.
     *
     * @param connectorConfig of which the restart keys alone are looked at
     */
    public static Map<String, String> problems(Map<String, @Nullable String> connectorConfig) {
        Map<String, String> problems = new TreeMap<>();
        Map.of(
                        WorkerKeys.RESTART_MAX, -1,
                        WorkerKeys.RESTART_DELAY, 1,
                        WorkerKeys.RESTART_DELAY_MAX, 1,
                        WorkerKeys.RESTART_HEALTHY, 1)
                .forEach((key, min) -> {
                    try {
                        number(connectorConfig, key, min, min);
                    } catch (ConfigException e) {
                        problems.put(key, String.valueOf(e.getMessage()));
                    }
                });
        return problems;
    }

    private static long number(Map<String, @Nullable String> config, String key, long min, long fallback) {
        String value = config.get(key);
        if (value == null) {
            return fallback;
        }
        try {
            long number = Long.parseLong(value.strip());
            if (number >= min && number <= Integer.MAX_VALUE) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Answered below, as a number out of range is.
        }
        throw new ConfigException(key, value, "Must be a number from " + min + " to " + Integer.MAX_VALUE);
    }
}
