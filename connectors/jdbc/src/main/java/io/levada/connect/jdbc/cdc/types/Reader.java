/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/** Reads PostgreSQL's text of a value, as {@link ColumnMapping#read} does. */
@FunctionalInterface
interface Reader {

    Object read(byte[] text, int offset, int length);
}
