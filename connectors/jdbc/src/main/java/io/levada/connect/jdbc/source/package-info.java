/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reading: which tables there are, which of their rows are new and settled, and how far each has been read. All but the
 * {@code TableMonitor}, which has a thread of its own and on it the {@code RangePlanner}, is called by the task's thread.
 *
 * <h2>A big table in ranges</h2>
 *
 * <p>Where {@code tasks.max} allows more tasks than there are tables, the {@code RangePlanner} divides big ones: a {@code RangeFinder} asks
 * the database for {@code Ranges} of the key, half-open and without an end on either side, so that each row is in one of them whatever
 * comes and goes. Bounds are told and compared by the server, in its order. Tasks get a share of a table ({@code AssignedRanges}).
 *
 * <p>In mode bulk each range is read by a {@code RelationReader}, over and over, as a whole table is. In the other modes the ranges are of
 * the first load alone, and soundness rests on this:
 *
 * <pre>
 *            planned: up to here        now
 *  range 0   range 1   range 2 |  the last row, and new ones
 * [-------) [-------) [--------]  -------------------------&gt; followed, once all ranges are stored
 * </pre>
 *
 * <ul>
 *   <li>A load ends at a number, or a moment, that was behind the newest when it was planned: later transactions cannot get below it.
 *       A {@code RangeLoader} waits for those that are open when it begins ({@code SettledBounds}), as a poll does, and then reads rows
 *       that no one can add to. Rows that change meanwhile get a moment behind the end, where they are followed.
 *   <li>A range is read in the order of its key, and stored under a source partition of its own, with the last key and all the ranges
 *       ({@code RangeOffset}). Whoever starts later takes the ranges that are stored, whatever a connector has planned since, and divides
 *       these by as many tasks as there are.
 *   <li>One task follows the table behind the end, once no settled row is left behind the stored offset of any range ({@code FirstLoad}).
 *       Only then is there an offset of the table itself, in the usual form, and from then on those of its ranges count no more. A table
 *       with such an offset is not loaded.
 * </ul>
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
