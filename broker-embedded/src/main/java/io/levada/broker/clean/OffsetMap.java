/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key, in bounded memory: 16 bytes of the key's hash and 8 of the offset a slot, probed linearly.
 *
 * <p>Two keys with the same hash would be taken for one and the older record lost, so the hash must be one that nobody can find such keys
 * for: SHA-256, cut to 16 bytes.
 */
final class OffsetMap {
    static final int SLOT_BYTES = 24;

    private static final int HASH_BYTES = 16;

    private final ByteBuffer slots;
    private final int slotCount;
    private final int keysMax;
    private final MessageDigest digest;
    private int size;
    private long latestOffset = -1;

    /**
     * An empty map.
     *
     * @param slotCount how many slots it has
     * @param loadFactor which share of them is used at most
     */
    OffsetMap(int slotCount, double loadFactor) {
        this.slotCount = slotCount;
        // One slot stays free, where a search for a key that is not there ends.
        this.keysMax = Math.max(1, Math.min(slotCount - 1, (int) (slotCount * loadFactor)));
        this.slots = ByteBuffer.allocate(slotCount * SLOT_BYTES);
        this.digest = sha256();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    boolean isFull() {
        return size >= keysMax;
    }

    int size() {
        return size;
    }

    /** Up to here, inclusive, the map knows every key; -1 for nothing. */
    long latestOffset() {
        return latestOffset;
    }

    /** Notes that every key up to {@code offset} is in the map. */
    void reached(long offset) {
        latestOffset = Math.max(latestOffset, offset);
    }

    /** Notes a record; offsets grow. Not to be called when the map is full. */
    void put(ByteBuffer key, long offset) {
        byte[] hash = hash(key);
        int at = slotOf(hash);
        if (isFree(at)) {
            slots.put(at, hash, 0, HASH_BYTES);
            size++;
        }
        // Kept one higher, so that zero means a free slot.
        slots.putLong(at + HASH_BYTES, offset + 1);
        reached(offset);
    }

    /** The last offset of {@code key}, or -1. */
    long get(ByteBuffer key) {
        return slots.getLong(slotOf(hash(key)) + HASH_BYTES) - 1;
    }

    private byte[] hash(ByteBuffer key) {
        digest.update(key.duplicate());
        return digest.digest();
    }

    /** The slot that holds the hash, or the free one where it belongs. */
    private int slotOf(byte[] hash) {
        int slot = Math.floorMod(ByteBuffer.wrap(hash).getInt(HASH_BYTES), slotCount);
        while (!isFree(slot * SLOT_BYTES) && !holds(slot * SLOT_BYTES, hash)) {
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
        return slot * SLOT_BYTES;
    }

    private boolean isFree(int at) {
        return slots.getLong(at + HASH_BYTES) == 0;
    }

    private boolean holds(int at, byte[] hash) {
        return slots.slice(at, HASH_BYTES).equals(ByteBuffer.wrap(hash, 0, HASH_BYTES));
    }
}
