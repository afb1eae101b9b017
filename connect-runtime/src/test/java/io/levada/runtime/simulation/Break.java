/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

/** A promise that is broken on purpose, outside of the code under test, to see that it is noticed. */
enum Break {
    NONE(Sort.NONE),
    /** A record is acknowledged that is not in the topic. */
    ACKNOWLEDGED_TOO_EARLY(Sort.AT_LEAST_ONCE),
    /** A task that was given up hears nothing of it, and goes on beside its successor. */
    GIVEN_UP_WITHOUT_A_WORD(Sort.AT_LEAST_ONCE),
    /** What is put off happens at once. */
    RESTARTED_AT_ONCE(Sort.AT_LEAST_ONCE),
    /** Earlier tasks are not fenced, though it is said so. */
    NOT_FENCED(Sort.EXACTLY_ONCE),
    /** An earlier life of a task is not fenced by the next. */
    NOT_FENCED_BY_ITSELF(Sort.EXACTLY_ONCE),
    /** The offsets do not get into the transaction. */
    OFFSETS_LOST(Sort.EXACTLY_ONCE),
    /** A poll that brings nothing does not come to the end of it. */
    IDLE_NEVER_COMMITS(Sort.EXACTLY_ONCE),
    /** A sink's commits go beyond what was put. */
    COMMITTED_TOO_FAR(Sort.SINK),
    /** A sink task that was given up keeps its consumer. */
    LEASE_NOT_TAKEN(Sort.SINK),
    /** A sink task's wish to go on elsewhere is not heard; likewise those below. */
    OFFSET_IGNORED(Sort.SINK),
    TIMEOUT_IGNORED(Sort.SINK),
    PAUSE_IGNORED(Sort.SINK),
    COMMIT_REQUEST_IGNORED(Sort.SINK);

    /** What is simulated. */
    enum Sort {
        NONE,
        AT_LEAST_ONCE,
        EXACTLY_ONCE,
        SINK
    }

    private final Sort sort;

    Break(Sort sort) {
        this.sort = sort;
    }

    /** Where it is to be noticed. */
    Sort sort() {
        return sort;
    }
}
