/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Compaction: of the records with one key the last is kept. {@link io.levada.broker.clean.LogCleaner} owns the threads {@code
 * levada-log-cleaner-N}, picks the partition with most to gain and rewrites its sealed segments; the log puts them in their place
 * ({@link io.levada.broker.log.LogCompaction}). Everything here runs on those threads alone.
 */
@NullMarked
package io.levada.broker.clean;

import org.jspecify.annotations.NullMarked;
