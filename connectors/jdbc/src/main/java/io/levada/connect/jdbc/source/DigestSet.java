/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.util.BitSet;

/** Digests, of which some are seen: 16 bytes each, in a table that is at most two thirds full. Not for use by several threads. */
final class DigestSet {

    private static final int FIRST_SLOTS = 1024;

    private long[] words = new long[2 * FIRST_SLOTS];
    private BitSet used = new BitSet();
    private int usedCount;
    private BitSet removed = new BitSet();
    private BitSet seen = new BitSet();
    private int size;

    int size() {
        return size;
    }

    boolean contains(RowDigest.Value digest) {
        int slot = slot(digest);
        return used.get(slot) && !removed.get(slot);
    }

    /** False if it was there. */
    boolean add(RowDigest.Value digest) {
        int slot = slot(digest);
        if (used.get(slot) && !removed.get(slot)) {
            return false;
        }
        put(slot, digest);
        if (usedCount > words.length / 3) {
            grow();
        }
        return true;
    }

    private void put(int slot, RowDigest.Value digest) {
        if (!used.get(slot)) {
            used.set(slot);
            usedCount++;
        }
        words[2 * slot] = digest.high();
        words[2 * slot + 1] = digest.low();
        removed.clear(slot);
        size++;
    }

    void remove(RowDigest.Value digest) {
        int slot = slot(digest);
        if (used.get(slot) && !removed.get(slot)) {
            removed.set(slot);
            size--;
        }
    }

    void clearSeen() {
        seen.clear();
    }

    /** Marks a digest, if it is there, until {@link #clearSeen} or the next {@link #add}. */
    void see(RowDigest.Value digest) {
        int slot = slot(digest);
        if (used.get(slot)) {
            seen.set(slot);
        }
    }

    boolean isSeen(RowDigest.Value digest) {
        return seen.get(slot(digest));
    }

    /** Where it is, or is to be: they are as good as random numbers themselves. */
    private int slot(RowDigest.Value digest) {
        int slots = words.length / 2;
        int slot = (int) Long.remainderUnsigned(digest.low(), slots);
        while (used.get(slot) && (words[2 * slot] != digest.high() || words[2 * slot + 1] != digest.low())) {
            slot = (slot + 1) % slots;
        }
        return slot;
    }

    /** The marks do not outlive it. */
    private void grow() {
        long[] old = words;
        BitSet there = used;
        there.andNot(removed);
        // Where most were removed, those that are left need no more room.
        words = new long[size > old.length / 6 ? old.length * 2 : old.length];
        used = new BitSet();
        usedCount = 0;
        removed = new BitSet();
        seen = new BitSet();
        size = 0;
        for (int i = there.nextSetBit(0); i >= 0; i = there.nextSetBit(i + 1)) {
            RowDigest.Value digest = new RowDigest.Value(old[2 * i], old[2 * i + 1]);
            put(slot(digest), digest);
        }
    }
}
