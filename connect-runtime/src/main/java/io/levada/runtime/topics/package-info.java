/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Internal topics as logs: the worker's three, and those in which connectors keep their own offsets. Created if missing; those of one owner
 * are read from their beginning by one thread, and written by another through one producer: {@code levada-topics} and
 * {@code levada-topics-writer}, or {@code levada-topics-<connector>} and {@code levada-topics-<connector>-writer}. What the records mean
 * is the business of the stores.
 */
@NullMarked
package io.levada.runtime.topics;

import org.jspecify.annotations.NullMarked;
