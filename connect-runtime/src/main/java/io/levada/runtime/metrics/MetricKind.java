/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

/** What the value of a metric is. */
enum MetricKind {
    /** A number that only rises, from the start of the task or worker. */
    COUNTER,
    /** A number that goes up and down. */
    GAUGE,
    /** A word; Prometheus shows it as a label. */
    TEXT
}
