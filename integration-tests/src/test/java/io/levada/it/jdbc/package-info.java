/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tables copied by polling, through topics, while sessions change them at random and connectors, worker, database and network fail again and
 * again: in the end topics and copies must hold what was committed. {@code TablesConsistencyIT} is the entry, {@code Writes} is what sessions do to them.
 */
@NullMarked
package io.levada.it.jdbc;

import org.jspecify.annotations.NullMarked;
