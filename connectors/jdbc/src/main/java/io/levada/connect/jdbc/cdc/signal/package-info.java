/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What somebody asks of a running capture, in Debezium's words: rows of a table through the log, read as JSON by PostgreSQL itself.
 * Used by the capturing thread.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.signal;

import org.jspecify.annotations.NullMarked;
