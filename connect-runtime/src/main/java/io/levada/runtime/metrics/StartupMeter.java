/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.function.IntSupplier;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;

/** What runs on the worker, and how often a start succeeds. Any thread. */
final class StartupMeter {
    private final Starts connectors;
    private final Starts tasks;

    private record Starts(Tally attempts, Tally successes, Tally failures, Sensor results) {
        private void ended(boolean success) {
            attempts.add(1);
            (success ? successes : failures).add(1);
            results.record(success ? 1 : 0);
        }
    }

    StartupMeter(Metrics metrics, IntSupplier connectorCount, IntSupplier taskCount) {
        MeterGroup group = new MeterGroup(metrics);
        group.number(ConnectMetric.CONNECTOR_COUNT, connectorCount::getAsInt);
        group.number(ConnectMetric.TASK_COUNT, taskCount::getAsInt);
        this.connectors = new Starts(
                group.total(ConnectMetric.CONNECTOR_STARTS),
                group.total(ConnectMetric.CONNECTOR_STARTS_GOOD),
                group.total(ConnectMetric.CONNECTOR_STARTS_BAD),
                group.outcomes(ConnectMetric.CONNECTOR_STARTS_GOOD_SHARE, ConnectMetric.CONNECTOR_STARTS_BAD_SHARE));
        this.tasks = new Starts(
                group.total(ConnectMetric.TASK_STARTS),
                group.total(ConnectMetric.TASK_STARTS_GOOD),
                group.total(ConnectMetric.TASK_STARTS_BAD),
                group.outcomes(ConnectMetric.TASK_STARTS_GOOD_SHARE, ConnectMetric.TASK_STARTS_BAD_SHARE));
    }

    /** The start of a connector has succeeded, or failed. */
    void connector(boolean success) {
        connectors.ended(success);
    }

    /** The start of a task has succeeded, or failed. */
    void task(boolean success) {
        tasks.ended(success);
    }
}
