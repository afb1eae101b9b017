/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** What is done about a value that has no form in Connect, {@code on.unreadable.value}. */
public enum OnUnreadable {
    /** The task fails. */
    FAIL,
    /** It is told as null, and logged. */
    NULL
}
