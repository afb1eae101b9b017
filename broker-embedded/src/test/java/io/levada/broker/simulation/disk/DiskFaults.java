/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.util.random.RandomGenerator;

/**
 * How often the disk refuses.
 *
 * @param full of that many writes one finds no room, 0 for none
 * @param forceFails of that many forces one fails, 0 for none; what was to be forced stays as it is and may be forced by a later process
 */
public record DiskFaults(int full, int forceFails) {
    public static final DiskFaults NONE = new DiskFaults(0, 0);

    boolean isFull(RandomGenerator random) {
        return full > 0 && random.nextInt(full) == 0;
    }

    boolean forceFails(RandomGenerator random) {
        return forceFails > 0 && random.nextInt(forceFails) == 0;
    }
}
