/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

/**
 * A record found by its time, as ListOffsets answers.
 *
 * @param offset the record's offset
 * @param timestampMs the record's timestamp
 * @param leaderEpoch the epoch its batch was written in
 */
public record TimestampedOffset(long offset, long timestampMs, int leaderEpoch) {}
