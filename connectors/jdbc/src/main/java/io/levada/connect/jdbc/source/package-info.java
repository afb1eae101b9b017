/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reading: which tables there are, which of their rows are new and settled, and how far each has been read. All but the
 * {@code TableMonitor}, which has a thread of its own, is called by the task's thread.
 *
 * <h2>Deleted rows</h2>
 *
 * <p>Polling sees no DELETE. {@link DeletedRows} therefore reads all keys of a relation now and then, and {@link ToldKeys} knows which were
 * told: what was told and is not there is deleted. That holds only as long as no told key is forgotten, and no key is taken to be gone that is
 * there:
 *
 * <ul>
 *   <li>What was told must be known after any crash, or a row that was deleted meanwhile is never missed. Kafka's topic would tell, but
 *       not in our words: transforms rename it and change keys, converters write them, and retention drops them. So the keys are in
 *       the connector's offsets, and since these are committed after the records without exactly-once delivery, which is to lose some in a
 *       crash, that is required: then a key is stored in the transaction that tells it. A key too many does no harm: if there is
 *       no row, a tombstone of a row that was not told takes nothing away.
 *   <li>The keys that are there come from one statement, so from one moment where the database has snapshots; a row that is being changed is
 *       there as it was. No row is handed over between that moment and the tombstones: who sees the tombstone of a row that is there
 *       again sees its record behind it, provided that the mode sees the row (mode {@code incrementing} does not see one that comes back
 *       under its old number).
 *   <li>An answer without any key means that all rows are deleted; a table that is gone, or may not be read, is an error of the statement.
 *   <li>A tombstone must have the key that the row's record had, so whole keys are kept and not only their digests; where the form of
 *       keys changes none is sent, and the task fails.
 * </ul>
 */
@NullMarked
package io.levada.connect.jdbc.source;

import org.jspecify.annotations.NullMarked;
