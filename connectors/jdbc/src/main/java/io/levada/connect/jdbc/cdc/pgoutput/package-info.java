/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The messages of PostgreSQL's logical decoding plugin {@code pgoutput}, as values: PostgreSQL manual, "Logical Replication Message
 * Formats". Bytes in, records out; knows neither connections nor what tables look like.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.pgoutput;

import org.jspecify.annotations.NullMarked;
