/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The capture itself: a thread of its own takes the snapshot, reads the server's log, makes records and hands them over in batches;
 * while nobody takes them it goes on reporting to the server, so that the connection lives. {@code Capture} is the entry. Rows that
 * are read after the first time, by {@code LaterRows}, come between transactions.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.stream;

import org.jspecify.annotations.NullMarked;
