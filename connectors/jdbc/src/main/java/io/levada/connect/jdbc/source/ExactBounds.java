/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TransactionScope;

/** Which open transactions a poll waits for before it passes over the numbers and moments they may still fill. */
public enum ExactBounds {
    /** None: a row committed late under a lower number or an earlier moment is missed. */
    OFF,
    /**
     * Those that have written: to the table in mode incrementing, to anything in modes with a timestamp. One that took its number or
     * its time before it wrote is not among them.
     */
    WRITERS,
    /** Every open transaction of the database, also one that has only read until now and writes later. */
    ALL;

    TransactionScope scope(Mode mode) {
        if (this == ALL) {
            return TransactionScope.ALL;
        }
        return mode.usesTimestamp() ? TransactionScope.WRITERS : TransactionScope.TABLE_WRITERS;
    }
}
