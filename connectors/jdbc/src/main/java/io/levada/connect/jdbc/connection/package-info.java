/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The way to the database: which dialect the URL is for, where its driver is, a small pool for each task, and why connecting failed.
 * Called by the threads of connectors and tasks; may block.
 */
@NullMarked
package io.levada.connect.jdbc.connection;

import org.jspecify.annotations.NullMarked;
