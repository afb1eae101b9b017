/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

/**
 * One run, which a seed decides.
 *
 * @param seed the seed
 * @param events how many events there were
 * @param fingerprint of all that was noted
 * @param gaps how often a reader found that compaction had taken records
 * @param summary what happened, in numbers
 */
record Simulation(long seed, long events, long fingerprint, long gaps, String summary) {
    /** Runs it; a failure tells the seed and the last events. */
    static Simulation of(long seed) {
        return of(seed, Mutation.NONE);
    }

    static Simulation of(long seed, Mutation mutation) {
        World world = new World(seed, mutation);
        try {
            world.run();
            return new Simulation(
                    seed,
                    world.time().count(),
                    world.trace().fingerprint(),
                    world.ledger().gaps(),
                    world.toString());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + "\n" + world + "\nThe last events:\n" + world.trace(), e);
        }
    }
}
