/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A schema registry that Confluent's clients and tools can use, stored in a compacted topic.
 *
 * <p>{@link io.levada.registry.SchemaRegistry} wires {@code topic} (the records in Kafka), {@code schemas} (what they mean, and what may be
 * registered) and {@code rest} (HTTP). One thread, {@code levada-schema-registry}, owns the Kafka clients and the state; event loops only
 * parse requests and write answers.
 */
@NullMarked
package io.levada.registry;

import org.jspecify.annotations.NullMarked;
