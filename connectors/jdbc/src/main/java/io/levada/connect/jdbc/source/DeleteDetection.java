/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

/** How rows that are not there any more are found. */
public enum DeleteDetection {
    /** Not at all. */
    NONE,
    /** By the keys that were told and that the table, or the query, does not have any more. */
    KEYS
}
