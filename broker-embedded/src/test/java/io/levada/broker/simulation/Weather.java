/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.random.RandomGenerator;

/**
 * What a run has to stand, besides kills and broken connections.
 *
 * @param powerFails whether what was not forced may be lost; never with {@code broker.flush=os}, which promises nothing then
 * @param diskRefuses whether writes find no room and forces fail
 */
record Weather(boolean powerFails, boolean diskRefuses) {
    static Weather of(RandomGenerator random) {
        return new Weather(random.nextInt(5) > 0, random.nextInt(4) == 0);
    }

    String flush() {
        return powerFails ? "fsync" : "os";
    }
}
