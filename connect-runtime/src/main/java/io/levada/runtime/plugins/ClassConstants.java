/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;

/** Sizes in a class file's constant pool (Java Virtual Machine Specification, chapter 4.4). */
final class ClassConstants {
    private ClassConstants() {}

    /** Bytes after the tag of a constant, but for text (tag 1), which tells its own length. */
    static int sizeOf(int tag) throws IOException {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case 5, 6 -> 8;
            default -> throw new IOException("unknown constant " + tag);
        };
    }

    /** Longs and doubles count for two constants. */
    static boolean takesTwoPlaces(int tag) {
        return tag == 5 || tag == 6;
    }
}
