/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Consumer groups of the classic protocol and their committed offsets, kept in {@code __consumer_offsets} as Kafka's own records
 * ({@link io.levada.broker.group.GroupRecords}).
 *
 * <p>{@link io.levada.broker.group.GroupCoordinator} is the door, {@link io.levada.broker.group.GroupShard} the table of contents behind it: a request is
 * decided by the class of its rules ({@link io.levada.broker.group.Join}, {@link io.levada.broker.group.Sync}, {@link io.levada.broker.group.Offsets}, ...),
 * whose records change {@link io.levada.broker.group.Groups} and {@link io.levada.broker.group.CommittedOffsets} when they are replayed, as
 * {@link io.levada.broker.coordinator} tells. Everything mutable belongs to the one coordinator thread.
 */
@NullMarked
package io.levada.broker.group;

import org.jspecify.annotations.NullMarked;
