/* SPDX-License-Identifier: Apache-2.0 */
/**
 * File stream source and sink: lines of a growing file become records, records become lines.
 *
 * <p>Keys, offsets and records are those of Apache Kafka's {@code connect-file}. A task's state belongs to its task
 * thread; {@code stop()} may come from another thread, so the source guards what both touch.
 */
@NullMarked
package io.levada.connect.file;

import org.jspecify.annotations.NullMarked;
