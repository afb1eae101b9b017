/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import java.nio.ByteBuffer;

/**
 * Something that is about to be done to a file.
 *
 * @param kind what
 * @param path the file or folder
 * @param target its new name, or the same where it gets none
 * @param bytes what is written; empty where nothing is
 */
record Step(Kind kind, String path, String target, ByteBuffer bytes) {
    enum Kind {
        MAKE,
        WRITE,
        FORCE,
        MOVE,
        DELETE
    }

    static Step of(Kind kind, String path) {
        return new Step(kind, path, path, ByteBuffer.allocate(0));
    }

    static Step write(String path, ByteBuffer bytes) {
        return new Step(Kind.WRITE, path, path, bytes.duplicate());
    }

    static Step move(String path, String target) {
        return new Step(Kind.MOVE, path, target, ByteBuffer.allocate(0));
    }

    /** Whether one of its names matches. */
    boolean touches(String regex) {
        return path.matches(regex) || target.matches(regex);
    }

    @Override
    public String toString() {
        return kind + " " + path + (path.equals(target) ? "" : " -> " + target)
                + (bytes.hasRemaining() ? ", " + bytes.remaining() + " bytes" : "");
    }
}
