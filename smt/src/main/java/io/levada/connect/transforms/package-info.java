/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Single message transforms: one file each, with the same keys, defaults and results as Apache Kafka's of the same name.
 *
 * <p>What they share: {@link io.levada.connect.transforms.RecordPart} is the key or the value of a record,
 * {@link io.levada.connect.transforms.StructMapping} copies a struct into a derived schema, and
 * {@link io.levada.connect.api.Derived} remembers the schemas derived last.
 *
 * <p>An instance belongs to one task and is called by that task's thread only; nothing here is shared between threads.
 */
@NullMarked
package io.levada.connect.transforms;

import org.jspecify.annotations.NullMarked;
