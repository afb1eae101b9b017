/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

/** A promise that is broken on purpose, to see that it is noticed. */
enum Mutation {
    NONE,
    /** Batches are acknowledged before they are on disk: the disk says that it forced them, and did not. */
    LOG_NOT_FORCED,
    /** The same for names in folders. */
    NAMES_NOT_FORCED,
    /** The same for what compaction writes. */
    COMPACTED_NOT_FORCED,
    /** What producers send again is written again. */
    SEQUENCES_IGNORED,
    /** Readers are not told of aborted transactions. */
    ABORTS_NOT_TOLD,
    /** Offsets are committed beside the transaction that they are part of. */
    OFFSETS_OUTSIDE,
    /** Tombstones go with the next pass. */
    TOMBSTONES_GO_EARLY,
    /** Records go before their time. */
    RETENTION_TOO_SHORT,
    /** A topic keeps less than its size. */
    RETENTION_TOO_SMALL,
    /** Records stay after their time. */
    TIME_FORGOTTEN,
    /** A topic keeps more than its size. */
    SIZE_FORGOTTEN;

    /** Whether a force of that file or folder does nothing. */
    boolean forgetsToForce(String path) {
        return switch (this) {
            case LOG_NOT_FORCED -> path.endsWith(".log");
            case NAMES_NOT_FORCED -> !path.contains(".");
            case COMPACTED_NOT_FORCED -> path.endsWith(".log.cleaned");
            default -> false;
        };
    }
}
