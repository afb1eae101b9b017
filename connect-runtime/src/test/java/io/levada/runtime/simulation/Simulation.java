/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.simulation.Break.Sort;

/**
 * One run, which a seed decides.
 *
 * @param events how many events there were
 * @param fingerprint of all that was noted
 */
record Simulation(long seed, Sort sort, long events, long fingerprint) {
    /** Runs it; a failure tells the seed and the last events. */
    static Simulation of(long seed, Sort sort) {
        return of(seed, sort, Break.NONE);
    }

    static Simulation of(long seed, Sort sort, Break broken) {
        World world = new World(seed, sort, broken);
        Fibers fibers = world.fibers();
        try {
            world.run();
            return new Simulation(seed, sort, fibers.events(), fibers.trace().fingerprint());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "seed " + seed + " of " + sort + ": " + e.getMessage() + "\nThe last events:\n" + fibers.trace(),
                    e);
        }
    }
}
