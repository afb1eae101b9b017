/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

/** What a record with a value does, {@code insert.mode}. */
public enum InsertMode {
    INSERT,
    UPSERT,
    UPDATE
}
