/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

/** What records have as keys. */
public enum KeySource {
    NONE,
    /** The table's primary key; a table without one gives records without keys. */
    PRIMARY_KEY,
    /** Columns that the user names. */
    COLUMNS
}
