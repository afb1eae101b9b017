/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.status.State;
import org.apache.kafka.connect.connector.Connector;

/**
 * Life of a connector on the worker that owns it. Owned by the connector's thread.
 *
 * <pre>
 * Idle -> Running -> Idle (paused, stopped), and back
 * Idle, Running -> Failed; only a new life leads out of it
 * </pre>
 *
 * As in Kafka Connect a paused connector is a stopped plugin too: only the tasks of the two differ.
 */
sealed interface ConnectorState {
    /** What status shows. */
    State reported();

    /** No plugin runs, so nothing can call one. */
    record Idle(State reported) implements ConnectorState {
        Running started(Connector plugin) {
            return new Running(plugin);
        }

        Failed failed(Throwable cause) {
            return new Failed(cause);
        }
    }

    /** The plugin is started. */
    record Running(Connector plugin) implements ConnectorState {
        Idle stopped(State reported) {
            return new Idle(reported);
        }

        Failed failed(Throwable cause) {
            return new Failed(cause);
        }

        @Override
        public State reported() {
            return State.RUNNING;
        }
    }

    /** It came to grief. */
    record Failed(Throwable cause) implements ConnectorState {
        @Override
        public State reported() {
            return State.FAILED;
        }
    }
}
