/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import org.jspecify.annotations.Nullable;

/**
 * The state of a connector or a task as its worker last reported it.
 *
 * @param state a word of Kafka Connect: UNASSIGNED, RUNNING, PAUSED, STOPPED, FAILED, RESTARTING
 * @param workerId {@code host:port} of the worker that reported it
 * @param trace why it failed; null unless it did
 * @param version of the plugin (KIP-891); null if it is not known
 */
public record ReportedState(
        String state,
        String workerId,
        @Nullable String trace,
        @Nullable String version) {}
