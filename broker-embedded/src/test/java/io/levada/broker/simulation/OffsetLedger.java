/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

/** A committed offset with one committer, who only ever commits a larger one: it may never be seen to go back. */
final class OffsetLedger {
    static final long NONE = -1;
    private final String name;
    private long sent = NONE;
    private long known = NONE;

    OffsetLedger(String name) {
        this.name = name;
    }

    void sent(long offset) {
        sent = Math.max(sent, offset);
    }

    void acknowledged(long offset) {
        known = Math.max(known, offset);
    }

    /** What everybody who asks from now on must be told at least. */
    long known() {
        return known;
    }

    void read(long offset, long atLeast) {
        Violation.unless(
                offset >= atLeast && offset <= sent,
                () -> name + " is " + offset + ", it was " + atLeast + ", and the last one sent is " + sent);
        known = Math.max(known, offset);
    }
}
