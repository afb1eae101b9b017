/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** What an array becomes, {@code array.mapping}. */
public enum ArrayMapping {
    LIST,
    TEXT
}
