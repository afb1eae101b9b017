/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

/**
 * A table as it is in the database: another that takes its name has another oid.
 *
 * @param oid {@code pg_class.oid}, unsigned
 * @param isOurs we have the rights of its owner, who alone can publish it
 */
public record StoredTable(TableName name, long oid, boolean isOurs) {}
