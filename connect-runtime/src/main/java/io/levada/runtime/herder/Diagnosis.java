/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.lifecycle.FailureReport;
import java.util.Map;
import java.util.Optional;

/**
 * A connector's status, and what this worker knows of the failures in it.
 *
 * @param connector of the connector itself; empty if it is healthy, or runs on another worker
 * @param tasks by number, those that have failed on this worker
 */
public record Diagnosis(ConnectorStatus status, Optional<FailureReport> connector, Map<Integer, FailureReport> tasks) {
    public Diagnosis {
        tasks = Map.copyOf(tasks);
    }
}
