/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plan;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;

/** One thing to be done. */
public sealed interface Step {
    record StopTask(TaskId id) implements Step {}

    record StopConnector(ConnectorName name) implements Step {}

    record StartConnector(ConnectorName name, ConnectorWork work) implements Step {}

    /** Stop it and start it with another config. */
    record ReconfigureConnector(ConnectorName name, ConnectorWork work) implements Step {}

    record RetargetConnector(ConnectorName name, TargetState target) implements Step {}

    record StartTask(TaskId id, TaskWork work) implements Step {}

    /** Stop it and start it with another config. */
    record ReconfigureTask(TaskId id, TaskWork work) implements Step {}

    record PauseTask(TaskId id, boolean paused) implements Step {}
}
