/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

/**
 * How far a group has come in one partition.
 *
 * @param offset the next offset to read
 * @param leaderEpoch the epoch of the last record read, or -1
 * @param metadata a note of the client, often empty
 * @param commitTimeMs when it was committed
 */
record CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimeMs) {}
