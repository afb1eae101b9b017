/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.random.RandomGenerator;

/**
 * What a run has to stand, besides kills and broken connections.
 *
 * @param powerFails whether what was not forced may be lost; never with {@code broker.flush=os}, which promises nothing then
 * @param diskRefuses whether writes find no room and forces fail
 * @param openFilesMax how many log files the broker may hold open; with a few, each gives way again and again
 */
record Weather(boolean powerFails, boolean diskRefuses, int openFilesMax) {
    private static final int AMPLE = 4096;

    static Weather of(RandomGenerator random) {
        return new Weather(random.nextInt(5) > 0, random.nextInt(4) == 0, random.nextInt(3) == 0 ? 2 : AMPLE);
    }

    String flush() {
        return powerFails ? "fsync" : "os";
    }
}
