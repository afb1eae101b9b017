/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One {@code data.dir}: {@link io.levada.broker.log.directory.LogDirectory} locks it, recovers its partitions in parallel and sets those aside that
 * cannot be read, creates and deletes them, writes their checkpoints, and says at the end that it was left in order. {@link
 * io.levada.broker.log.directory.Retention} deletes what is too old or too much.
 */
@NullMarked
package io.levada.broker.log.directory;

import org.jspecify.annotations.NullMarked;
