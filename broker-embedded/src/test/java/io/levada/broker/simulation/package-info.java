/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The broker, its clients, the network, the clock and the disk in one thread, where chance decides what happens next and a seed decides chance.
 *
 * <p>{@link io.levada.broker.simulation.Simulation} is one run. A {@code World} puts it together: the broker's real code on {@code SimulatedThreads} and a
 * {@link io.levada.broker.simulation.disk.SimulatedDisk}; {@code Link}s that delay, lose and repeat what real requests as bytes say; {@code Client}s as state
 * machines; {@code Chaos}, which cuts connections, kills the process in the middle of a disk operation, cuts the power, and lets the disk refuse. Every answer is
 * held against the {@code Ledger} of what is known. In the end nothing goes wrong any more, and everybody must get what is due. What is promised, and how to run
 * it, is in docs/reliability.md.
 */
@NullMarked
package io.levada.broker.simulation;

import org.jspecify.annotations.NullMarked;
