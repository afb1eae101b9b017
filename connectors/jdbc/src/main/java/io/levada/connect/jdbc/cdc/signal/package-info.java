/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What somebody asks of a running capture, in Debezium's words, read as JSON by PostgreSQL itself: rows of a table through the log, or
 * what comes by a {@code SignalChannel}. Used by the capturing thread; a topic is read by a thread of its own.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.signal;

import org.jspecify.annotations.NullMarked;
