/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

/**
 * One kind of load, and what it was promised. Its steps are made by one thread, again and again; it is judged by another meanwhile. What is wrong is
 * an {@link AssertionError} of either.
 */
interface Part extends AutoCloseable {
    /** Does some work, waiting for the broker where it is away. */
    void step() throws InterruptedException;

    /** How many things were acknowledged so far; safe from any thread. */
    long acknowledged();

    /** Reads what is there and holds it against what was acknowledged before this call. */
    void judge(Reader reader);

    /** To be called once no step is made any more and the broker stays: completes what was begun. */
    void finish();

    @Override
    void close();
}
