/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Transactions that the server sends while they are in progress (PostgreSQL manual, "Streaming of Large Transactions"): kept in bounded
 * memory and on disk until they are committed, and then told as if they had come at their commit. Run by the capturing thread;
 * {@code InProgress} is the entry.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.inprogress;

import org.jspecify.annotations.NullMarked;
