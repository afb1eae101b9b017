/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who is in the group of workers and what generation it is in. A group of one joins itself at once; the group protocol
 * of Kafka Connect (KIP-415) is another {@link io.levada.runtime.membership.Membership} behind the same events.
 */
@NullMarked
package io.levada.runtime.membership;

import org.jspecify.annotations.NullMarked;
