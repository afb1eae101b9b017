/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A source task at work: poll, transform, convert, send, and commit the offsets of what is acknowledged.
 *
 * <p>Runs on the task's thread; {@code InFlight} is shared with the producer's thread, {@code OffsetCommit} with the
 * thread that flushes.
 */
@NullMarked
package io.levada.runtime.task.source;

import org.jspecify.annotations.NullMarked;
