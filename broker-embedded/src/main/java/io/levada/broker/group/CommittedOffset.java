/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

/**
 * How far a group has come in one partition.
 *
 * @param offset the next offset to read
 * @param leaderEpoch the epoch of the last record read, or -1
 * @param metadata a note of the client, often empty
 * @param commitTimeMs when it was committed
 * @param expiryMs when it is forgotten, as clients before Kafka 2.1 may ask; -1 leaves that to {@code offsets.retention.minutes}
 */
record CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimeMs, long expiryMs) {
    static final long NO_EXPIRY = -1;

    CommittedOffset(long offset, int leaderEpoch, String metadata, long commitTimeMs) {
        this(offset, leaderEpoch, metadata, commitTimeMs, NO_EXPIRY);
    }

    /** Whether it is to be forgotten, {@code sinceMs} being the time from which its retention counts. */
    boolean isExpired(long nowMs, long sinceMs, long retentionMs) {
        return expiryMs == NO_EXPIRY ? nowMs - sinceMs >= retentionMs : nowMs >= expiryMs;
    }
}
