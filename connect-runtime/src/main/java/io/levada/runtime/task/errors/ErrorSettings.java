/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.jspecify.annotations.Nullable;

/**
 * A connector's {@code errors.*} keys.
 *
 * @param retryTimeout how long a failed operation is tried again; zero not at all, negative for ever
 * @param retryDelayMax upper bound of the wait between tries
 * @param tolerateAll skip what cannot be processed instead of failing
 * @param log report skipped records in the log
 * @param logMessages with their coordinates
 * @param deadLetterTopic where they go; empty for nowhere; sinks only
 * @param deadLetterReplication replication factor if that topic must be made; -1 for the broker's default
 * @param deadLetterHeaders whether headers say what went wrong
 */
public record ErrorSettings(
        Duration retryTimeout,
        Duration retryDelayMax,
        boolean tolerateAll,
        boolean log,
        boolean logMessages,
        String deadLetterTopic,
        short deadLetterReplication,
        boolean deadLetterHeaders) {
    private static final ConfigDef KEYS = new ConfigDef()
            .define("errors.retry.timeout", ConfigDef.Type.LONG, 0L, Importance.MEDIUM, "")
            .define("errors.retry.delay.max.ms", ConfigDef.Type.LONG, 60_000L, Importance.MEDIUM, "")
            .define(
                    "errors.tolerance",
                    ConfigDef.Type.STRING,
                    "none",
                    ValidString.in("none", "all"),
                    Importance.MEDIUM,
                    "")
            .define("errors.log.enable", ConfigDef.Type.BOOLEAN, false, Importance.MEDIUM, "")
            .define("errors.log.include.messages", ConfigDef.Type.BOOLEAN, false, Importance.MEDIUM, "")
            .define("errors.deadletterqueue.topic.name", ConfigDef.Type.STRING, "", Importance.MEDIUM, "")
            .define(
                    "errors.deadletterqueue.topic.replication.factor",
                    ConfigDef.Type.SHORT,
                    (short) 3,
                    Importance.MEDIUM,
                    "")
            .define(
                    "errors.deadletterqueue.context.headers.enable",
                    ConfigDef.Type.BOOLEAN,
                    false,
                    Importance.MEDIUM,
                    "");

    /**
     * Reads them from a connector's config.
     *
     * @param oneBroker whether the broker is the embedded one, which cannot replicate
     */
    public static ErrorSettings from(Map<String, @Nullable String> connectorConfig, boolean oneBroker) {
        AbstractConfig parsed = new AbstractConfig(KEYS, connectorConfig, Map.of(), false);
        return new ErrorSettings(
                Duration.ofMillis(parsed.getLong("errors.retry.timeout")),
                Duration.ofMillis(parsed.getLong("errors.retry.delay.max.ms")),
                "all".equals(parsed.getString("errors.tolerance")),
                parsed.getBoolean("errors.log.enable"),
                parsed.getBoolean("errors.log.include.messages"),
                parsed.getString("errors.deadletterqueue.topic.name"),
                oneBroker ? (short) 1 : parsed.getShort("errors.deadletterqueue.topic.replication.factor"),
                parsed.getBoolean("errors.deadletterqueue.context.headers.enable"));
    }
}
