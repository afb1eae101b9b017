/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Which generation the group of workers is in, and what this worker is to run in it: {@link io.levada.runtime.membership.Membership} says
 * it by events. The group protocol is Kafka Connect's (KIP-415, KIP-507), byte for byte, so that its workers may be members too.
 *
 * <p>A thread {@code levada-membership} speaks with the brokers ({@link io.levada.runtime.membership.GroupMember}); if this worker leads it
 * asks {@code assign.Rebalance}, a pure function, who is to run what. It waits where others must: for what is revoked to stop, before it
 * joins again without it; for the config topic to be read, if another member has read more. Heartbeats are sent meanwhile by kafka-clients' own thread.
 * A thread {@code levada-lease} does nothing but look whether the brokers have answered lately ({@code Lease}); if not, the place is given up, and
 * all stops, before they give it to others. Events are values, and are told under the lock of {@code Place}: whoever is told must not block.
 *
 * <p>What is where: {@code WorkerState} and {@code Agreement} are the messages, {@code Rounds} what is said and heard when the group agrees, {@code GroupCoordination} what carries it, {@code WorkSeen} says when another is
 * needed, {@code Place} what this worker is in its group. What happens in which case is in docs/architecture.md.
 *
 * <p>A worker that stays behind in the config topic leaves the group ({@code worker.unsync.backoff.ms}). Not there: offsets of a source that delivers
 * at least once are altered without waiting for last commits of its tasks on other workers, as in Kafka Connect.
 */
@NullMarked
package io.levada.runtime.membership;

import org.jspecify.annotations.NullMarked;
