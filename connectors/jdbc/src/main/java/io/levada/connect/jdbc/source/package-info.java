/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reading: which tables there are, which of their rows are new and settled, and how far each has been read. All but the
 * {@code TableMonitor}, which has a thread of its own, is called by the task's thread.
 */
@NullMarked
package io.levada.connect.jdbc.source;

import org.jspecify.annotations.NullMarked;
