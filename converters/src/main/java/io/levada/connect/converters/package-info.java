/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Converters between Connect data and the bytes in Kafka: JSON, text, raw bytes and the primitives.
 *
 * <p>{@link io.levada.connect.converters.JsonConverter} compiles each schema once into a tree of
 * {@link io.levada.connect.converters.ValueWriter} or {@link io.levada.connect.converters.ValueReader}, and then streams data through it.
 *
 * <p>An instance belongs to one task and is called by that task's thread only.
 */
@NullMarked
package io.levada.connect.converters;

import org.jspecify.annotations.NullMarked;
