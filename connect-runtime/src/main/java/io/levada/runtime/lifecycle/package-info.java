/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Connectors and tasks of this worker coming, changing and going: the state record of each, the threads on which plugins
 * are called, and the restart of what failed.
 *
 * <p>{@code Lifecycle} belongs to the herder's thread. Plugins run on {@code connector-thread-<name>} and
 * {@code task-thread-<name>-<n>}, which have the plugin's class loader as context and the MDC key
 * {@code connector.context} (KIP-449); what they report is posted to the herder's thread.
 */
@NullMarked
package io.levada.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
