/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.status.State;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.metrics.Metrics;

/** The meter of one life of a connector. Any thread. */
public final class ConnectorMeter implements AutoCloseable {
    private final MeterGroup group;
    private final StartupMeter startups;
    private final AtomicBoolean startTold = new AtomicBoolean();
    private volatile State status;

    ConnectorMeter(Metrics metrics, ConnectorName name, State status, StartupMeter startups) {
        this.group = new MeterGroup(metrics, "connector", name.value());
        this.status = status;
        this.startups = startups;
    }

    /** What the connector is; as in Kafka Connect one whose class cannot be found has no metrics. */
    public void describe(ConnectorType type, String className, String version) {
        group.text(ConnectMetric.CONNECTOR_STATUS, () -> status.name().toLowerCase(Locale.ROOT));
        group.text(ConnectMetric.CONNECTOR_TYPE, type.toString());
        group.text(ConnectMetric.CONNECTOR_CLASS, className);
        group.text(ConnectMetric.CONNECTOR_VERSION, version);
    }

    /** The plugin is started. */
    public void started() {
        tellStart(true);
    }

    /** The connector has come to grief. */
    public void failed() {
        tellStart(false);
    }

    private void tellStart(boolean success) {
        if (startTold.compareAndSet(false, true)) {
            startups.connector(success);
        }
    }

    State status() {
        return status;
    }

    void status(State said) {
        status = said;
    }

    @Override
    public void close() {
        group.close();
    }
}
