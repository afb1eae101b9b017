/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** Why a database does not let us in. */
public enum ConnectProblem {
    /** The password is wrong, or the user is: most servers do not say which. */
    PASSWORD,
    /** The user may not connect. */
    USER,
    /** There is no such database. */
    DATABASE,
    /** Nobody answers. */
    UNREACHABLE,
    /** Something else, which the message tells. */
    OTHER
}
