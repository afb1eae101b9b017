/* SPDX-License-Identifier: Apache-2.0 */
/**
 * JDBC source and sink connectors: the classes that the worker loads, and their configurations.
 *
 * <p>A connector is called by its {@code connector-thread}, a task by its {@code task-thread}; nothing here is shared between
 * tasks. Below: {@code connection} (URL, pool, failures), {@code dialect} (what differs between databases), {@code source} and
 * {@code sink}.
 */
@NullMarked
package io.levada.connect.jdbc;

import org.jspecify.annotations.NullMarked;
