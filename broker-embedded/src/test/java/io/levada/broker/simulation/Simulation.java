/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

/**
 * One run, which a seed decides.
 *
 * @param seed the seed
 * @param events how many events there were
 * @param fingerprint of all that was noted
 * @param summary what happened, in numbers
 */
record Simulation(long seed, long events, long fingerprint, String summary) {
    /** Runs it; a failure tells the seed and the last events. */
    static Simulation of(long seed) {
        World world = new World(seed);
        try {
            world.run();
            return new Simulation(seed, world.time().count(), world.trace().fingerprint(), world.toString());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n" + world + "\nThe last events:\n" + world.trace(), e);
        }
    }
}
