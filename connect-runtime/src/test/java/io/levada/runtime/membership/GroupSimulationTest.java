/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Workers of one group that join, leave, are killed, hang and are cut off, while messages are late or get lost, the config changes, and some read it late: no task has two
 * owners, none is without one for longer than promised, and in the end all is spread evenly. {@code -Dlevada.group.seeds} plays more histories, and {@code
 * -Dlevada.group.seed} one.
 */
final class GroupSimulationTest {
    private static final int DISTURBANCES = 25;

    @Test
    void everyTaskHasOneOwner() {
        long first = Long.getLong("levada.group.seed", 1);
        long count = System.getProperty("levada.group.seed") == null ? Long.getLong("levada.group.seeds", 6) : 1;
        for (long seed = first; seed < first + count; seed++) {
            try {
                new GroupWorld(seed).play(DISTURBANCES);
            } catch (AssertionError | RuntimeException e) {
                fail("-Dlevada.group.seed=" + seed, e);
            }
        }
    }
}
