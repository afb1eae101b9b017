/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A file's bytes as readers see them, and as a power cut at its worst would leave them. */
final class FileNode extends Node {
    private final Content seen = new Content();
    private final Content forced = new Content();
    private final List<Change> unforced = new ArrayList<>();

    /** One write or truncation; a write holds its own copy of the bytes. */
    private static final class Change {
        private final int at;
        private final byte[] bytes;
        private final boolean truncates;

        Change(int at, byte[] bytes, boolean truncates) {
            this.at = at;
            this.bytes = bytes;
            this.truncates = truncates;
        }

        void apply(Content content) {
            if (truncates) {
                content.resize(at);
            } else {
                content.write(at, bytes, bytes.length);
            }
        }

        /** The write stopped half way. */
        void tear(Content content, int length) {
            content.write(at, bytes, length);
        }

        /** The file grew, the bytes never came. */
        void zero(Content content) {
            content.write(at, new byte[bytes.length], bytes.length);
        }
    }

    @Override
    long size() {
        return seen.size;
    }

    void write(int at, ByteBuffer source) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        change(new Change(at, bytes, false));
    }

    void truncate(int size) {
        if (size < seen.size) {
            change(new Change(size, new byte[0], true));
        }
    }

    private void change(Change change) {
        change.apply(seen);
        unforced.add(change);
    }

    /** Copies what there is from {@code at} on; returns how many bytes, or -1 at the end. */
    int read(int at, ByteBuffer target) {
        if (at >= seen.size) {
            return target.hasRemaining() ? -1 : 0;
        }
        int length = Math.min(target.remaining(), seen.size - at);
        target.put(seen.bytes, at, length);
        return length;
    }

    @Override
    void force() {
        unforced.forEach(change -> change.apply(forced));
        unforced.clear();
    }

    @Override
    void losePower(RandomGenerator random) {
        switch (random.nextInt(5)) {
            case 0 -> unforced.forEach(change -> change.apply(forced)); // the kernel had written all by itself
            case 1 -> {} // or nothing
            case 2 -> keepAPrefix(random);
            case 3 -> keepAPrefixAndTheSize(random);
            default -> keepSome(random);
        }
        unforced.clear();
        seen.copy(forced);
    }

    /** Changes up to one that is torn. */
    private void keepAPrefix(RandomGenerator random) {
        int kept = random.nextInt(unforced.size() + 1);
        unforced.subList(0, kept).forEach(change -> change.apply(forced));
        if (kept < unforced.size() && !unforced.get(kept).truncates) {
            Change torn = unforced.get(kept);
            torn.tear(forced, random.nextInt(torn.bytes.length + 1));
        }
    }

    /** Journals may know a file's size before its bytes are there: zeros follow. */
    private void keepAPrefixAndTheSize(RandomGenerator random) {
        int kept = random.nextInt(unforced.size() + 1);
        unforced.subList(0, kept).forEach(change -> change.apply(forced));
        if (kept < unforced.size() && !unforced.get(kept).truncates) {
            unforced.get(kept).zero(forced);
        }
    }

    /** Pages are written in any order: what is missing in between reads as zeros. */
    private void keepSome(RandomGenerator random) {
        for (Change change : unforced) {
            if (random.nextBoolean()) {
                change.apply(forced);
            } else if (!change.truncates && random.nextBoolean()) {
                change.zero(forced);
            }
        }
    }

    private static final class Content {
        private byte[] bytes = new byte[256];
        private int size;

        void write(int at, byte[] source, int length) {
            ensure(at + length);
            System.arraycopy(source, 0, bytes, at, length);
            size = Math.max(size, at + length);
        }

        void resize(int newSize) {
            if (newSize < size) {
                Arrays.fill(bytes, newSize, size, (byte) 0);
                size = newSize;
            }
        }

        void copy(Content other) {
            bytes = Arrays.copyOf(other.bytes, other.bytes.length);
            size = other.size;
        }

        private void ensure(int capacity) {
            if (capacity > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(capacity, 2 * bytes.length));
            }
        }
    }
}
