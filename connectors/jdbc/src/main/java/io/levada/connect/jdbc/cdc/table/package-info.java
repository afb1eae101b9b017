/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Which tables and columns are captured, and how a row of one becomes a key and a value: {@code CapturedTable}, made from the
 * server's catalogue or from what the stream says of a relation. Used by one thread at a time.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.table;

import org.jspecify.annotations.NullMarked;
