/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** Which open transactions {@link Dialect#openTransactions} names. */
public enum TransactionScope {
    /** Those that have begun to write to the table. */
    TABLE_WRITERS,
    /** Those that have written anything. */
    WRITERS,
    /** All, also those that have only read until now and may write later. */
    ALL
}
