/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Committing, fencing and restarting of tasks in a simulation: the worker's real code runs on {@code Fibers}, which has a clock that jumps and threads of which
 * one runs at a time; a seed decides chance. Brokers, plugins and what goes wrong are simulated; ledgers judge every step. What is promised, and how to run it,
 * is in docs/reliability.md.
 */
@NullMarked
package io.levada.runtime.simulation;

import org.jspecify.annotations.NullMarked;
