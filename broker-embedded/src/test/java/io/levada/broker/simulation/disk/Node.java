/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.util.random.RandomGenerator;

/** A file or a folder, whatever it is called. */
abstract class Node {
    private long modifiedMs;

    long modifiedMs() {
        return modifiedMs;
    }

    void modified(long nowMs) {
        modifiedMs = nowMs;
    }

    abstract long size();

    /** From now on a power cut takes nothing of what this holds. */
    abstract void force();

    /** Goes back to what was forced and a part of what came after it. */
    abstract void losePower(RandomGenerator random);
}
