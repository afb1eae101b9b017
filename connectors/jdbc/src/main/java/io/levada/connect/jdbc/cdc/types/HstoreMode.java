/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/** What hstore becomes, {@code hstore.handling.mode}. */
public enum HstoreMode {
    JSON,
    MAP
}
