/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Which generation the group of workers is in, and what this worker is to run in it: {@link io.levada.runtime.membership.Membership} says
 * it by events. A worker has its group for itself as yet, by the word of the brokers: it is a
 * member of it over Kafka's group protocol, on a thread {@code levada-membership}, and a second one is refused. The group protocol
 * of Kafka Connect (KIP-415) is another {@link io.levada.runtime.membership.Membership} behind the same events.
 */
@NullMarked
package io.levada.runtime.membership;

import org.jspecify.annotations.NullMarked;
