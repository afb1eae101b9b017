/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Writing. {@code ChangeMapper} tells what a record does, by plans made once for each form of records; {@code Preparation} makes rows
 * of that, fit for the tables as {@code TableStructures} knows them; {@code JdbcWriter} executes them in one transaction, in bulk or by
 * statements, as {@code Batches} cuts them. If that fails, tables are looked at again and {@code CarefulWriter} takes batches apart
 * until only the records at fault are left. {@code Positions} keeps offsets in the database, {@code Commit} finds out what became of a
 * commit that was not answered.
 *
 * <p>Called by the task's thread; {@code SinkConnection} may be closed by any.
 */
@NullMarked
package io.levada.connect.jdbc.sink;

import org.jspecify.annotations.NullMarked;
