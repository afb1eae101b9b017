/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The way to the database: the checked URL, a small pool for each task, and what a failure means. Called by the threads of
 * connectors and tasks; may block.
 */
@NullMarked
package io.levada.connect.jdbc.connection;

import org.jspecify.annotations.NullMarked;
