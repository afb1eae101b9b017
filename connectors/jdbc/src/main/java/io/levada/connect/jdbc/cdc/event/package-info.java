/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From changes to records: the envelope with its source and transaction blocks, keys, tombstones, headers, and with each record the
 * offset from which reading goes on after it. Formats are those of Debezium's PostgreSQL connector, offsets too, so that consumers,
 * transforms and stored offsets of either go on working with the other. Used by the capturing thread alone.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.event;

import org.jspecify.annotations.NullMarked;
