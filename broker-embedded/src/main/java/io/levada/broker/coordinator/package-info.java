/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the coordinators have in common: state that lives in an internal topic, and one way to change it.
 *
 * <pre>
 *   request or timer -> decide (reads the state, changes nothing that a record describes)
 *                    -> {@link io.levada.broker.coordinator.Decision}: records and the reply
 *                    -> append, as one batch          fails: nothing has changed, the caller is told
 *                    -> {@link io.levada.broker.coordinator.Shard#replay}, the only place where the state changes
 *                    -> reply, once the batch is durable   never will be: the shard is unloaded, NOT_COORDINATOR
 * </pre>
 *
 * <p>Start-up reads the topic from its beginning and runs the same {@code replay}, so what a restart finds is what was there. A
 * {@link io.levada.broker.coordinator.ShardRuntime} owns one topic and one {@link io.levada.broker.coordinator.Shard}, and does all of this on one
 * thread: decisions, replay, timers and replies never overlap, and a shard needs no locks.
 *
 * <p>What Kafka keeps in memory only (members on their way into a generation, timers, answers that wait) may change in a decision: no restart would
 * find it. {@link io.levada.broker.coordinator.Outcome} tells a decision's author when its records are durable, or that they are not written, so that
 * such soft state is put right.
 *
 * <p>A shard of another kind of group (the consumer protocol of KIP-848, share groups) is one more reader of record keys behind the same
 * {@code replay} and one more set of deciding methods: those groups live in {@code __consumer_offsets} too, and their epochs and assignments are
 * all described by records, so they need no soft state but timers. Where they have a topic of their own ({@code __share_group_state}), they take a
 * runtime of their own.
 */
@NullMarked
package io.levada.broker.coordinator;

import org.jspecify.annotations.NullMarked;
