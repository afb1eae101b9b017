/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From files to a partition: {@link io.levada.broker.log.recovery.LogRecovery} finishes swaps, drops leftovers, reads what may be torn, cuts it at the
 * last whole batch, rebuilds indexes and producers. Below the recovery point nothing is cut: damage there is a {@link
 * io.levada.broker.log.recovery.DamagedLogException}, as only an administrator may give up what was acknowledged. One thread per partition.
 */
@NullMarked
package io.levada.broker.log.recovery;

import org.jspecify.annotations.NullMarked;
