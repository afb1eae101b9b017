/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Consumer groups of the classic protocol and their committed offsets.
 *
 * <p>Everything mutable here belongs to the one coordinator thread: handlers send it a task, timers run on it. A change is decided, written to
 * {@code __consumer_offsets} as Kafka's own records ({@link io.levada.broker.group.GroupRecords}), applied, and answered once it is durable. At start
 * the same records are applied again.
 */
@NullMarked
package io.levada.broker.group;

import org.jspecify.annotations.NullMarked;
