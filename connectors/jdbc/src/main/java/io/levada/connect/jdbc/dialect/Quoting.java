/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** Whether names in SQL are quoted, {@code quote.sql.identifiers}. */
public enum Quoting {
    ALWAYS,
    NEVER
}
