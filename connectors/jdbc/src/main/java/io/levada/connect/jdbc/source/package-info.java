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
 */
@NullMarked
package io.levada.connect.jdbc.source;

import org.jspecify.annotations.NullMarked;
