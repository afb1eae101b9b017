/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A sink task at work: consume, convert, transform, put, and commit the offsets that the task agrees to.
 *
 * <p>All on the task's thread, rebalance callbacks included, because the consumer calls them from its poll. Only
 * {@code SinkContext} and {@code ReportedRecords} may be used by threads of the plugin.
 */
@NullMarked
package io.levada.runtime.task.sink;

import org.jspecify.annotations.NullMarked;
