/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reads all rows of tables as they are in one exported snapshot: in chunks of the table's blocks, several at once, and told in
 * order, so that a crash costs no more than the chunk that it came in. The reading threads convert; the capturing thread pulls and tells,
 * so that it may tell other things in between.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.snapshot;

import org.jspecify.annotations.NullMarked;
