/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What databases do in their own ways, as the rest of the connectors asks for it. A {@code Dialect} is the sum of these parts:
 *
 * <ul>
 *   <li>{@code Connecting}: the URL taken apart (an allow-list of properties, before any connect), the driver's class, its
 *       properties for reading and writing, and what a failure means.
 *   <li>{@code Names}: quotes, folding of names without quotes, the longest name, whether columns that differ in case are one. An
 *       {@code Identifiers} writes names by it.
 *   <li>{@code Catalogue}: which tables there are, of which kind, and their keys.
 *   <li>{@code Reading}: how a column is read, which columns are moments, how they are compared, the database's clock, and
 *       {@code openTransactions()}: how rows that may still come are bounded. A database that tells which transactions are open
 *       gives them; where there is nothing, readers need a window of time that they read again.
 *   <li>{@code Writing}: INSERT, UPSERT, UPDATE and DELETE for (table, keys, other columns) with a placeholder for each column,
 *       how a value is bound to one, CREATE TABLE and ADD COLUMN, and which failures mean
 *       that a table is missing or was made by another meanwhile. A faster way for many rows (such as PostgreSQL's COPY) is an
 *       optional part of it too.
 * </ul>
 *
 * <p>Each dialect is a package below this one; what several share is here. {@code connection} chooses one by the URL or by
 * {@code dialect.name}. Nothing here has state; all may be called by any thread, and what takes a connection blocks.
 */
@NullMarked
package io.levada.connect.jdbc.dialect;

import org.jspecify.annotations.NullMarked;
