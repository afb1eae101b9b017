/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.Settings;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many tasks a connector may have (KIP-1004). As in Kafka Connect that is looked at where it makes them, and where one of them starts: task configs that
 * are stored already may be more than a newer config allows.
 *
 * @param tasks at most, {@code tasks.max}
 * @param enforced whether more are a failure, and not just told
 */
public record TasksMax(ConnectorName connector, int tasks, boolean enforced) {
    /** The keys of a connector's config that say so. */
    public static final String KEY = "tasks.max";

    public static final String ENFORCE = "tasks.max.enforce";

    private static final Logger LOGGER = LoggerFactory.getLogger(TasksMax.class);

    /**
     * By a connector's config, resolved.
     *
     * @throws ConfigException if {@code tasks.max} is no number, or less than 1
     */
    public static TasksMax of(ConnectorName connector, Map<String, @Nullable String> config) {
        return new TasksMax(
                connector, number(config.get(KEY)), Boolean.parseBoolean(Settings.text(config, ENFORCE, "true")));
    }

    private static int number(@Nullable String value) {
        try {
            int tasksMax = value == null ? 1 : Integer.parseInt(value.strip());
            if (tasksMax >= 1) {
                return tasksMax;
            }
        } catch (NumberFormatException ignored) {
            // Answered below, as a number out of range is.
        }
        throw new ConfigException(KEY, value, "Must be a number, at least 1");
    }

    /** @throws ConnectException if the connector has made too many */
    public void check(int made) {
        if (made <= tasks) {
            return;
        }
        if (enforced) {
            throw new ConnectException(
                    "The connector " + connector + " has generated " + made + " tasks, which is greater than " + tasks
                            + ", the maximum number of tasks it is configured to create. This behaviour should be considered a bug"
                            + " and is disallowed; raise tasks.max, or set tasks.max.enforce to false for a connector that cannot be mended.");
        }
        LOGGER.atWarn()
                .addKeyValue("connector", connector)
                .addKeyValue("tasks", made)
                .addKeyValue("tasksMax", tasks)
                .log("connector has more tasks than tasks.max, let through by tasks.max.enforce=false");
    }
}
