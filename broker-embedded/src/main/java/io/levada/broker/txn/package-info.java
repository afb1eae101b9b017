/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Transactions (KIP-98, KIP-890): who holds a transactional id, which partitions its transaction has written to, and how it ends.
 *
 * <p>A request is a value ({@link io.levada.broker.txn.Initialization}, {@link io.levada.broker.txn.Addition}, {@link io.levada.broker.txn.Ending}) that
 * decides, without side effects, what is stored of the {@link io.levada.broker.txn.Transaction} next. {@link io.levada.broker.txn.Transactions} keeps
 * what is stored, in {@code __transaction_state}, on the coordinator's one thread; {@link io.levada.broker.txn.Completion} writes the markers of what is
 * decided. Producer ids, which idempotent producers need as well, are here too.
 */
@NullMarked
package io.levada.broker.txn;

import org.jspecify.annotations.NullMarked;
