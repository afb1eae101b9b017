/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/** What is done about a value that cannot be read. */
public enum UnreadableValues {
    /** The task fails. */
    FAIL,
    /** It is told as null, and logged. */
    WARN,
    /** It is told as null. */
    SKIP
}
