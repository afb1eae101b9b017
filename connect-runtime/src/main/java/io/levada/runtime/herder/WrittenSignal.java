/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

/**
 * Where a signal for a connector was written to, and is kept.
 *
 * @param topic of the brokers that the connector reads signals from
 */
public record WrittenSignal(String topic, int partition, long offset) {}
