/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Fencing of zombies (KIP-618): what earlier generations of a connector's tasks have open is aborted, and they can commit no more, before
 * the next generation begins.
 *
 * <p>Runs on the threads of tasks and of plugin jobs, which it blocks.
 */
@NullMarked
package io.levada.runtime.fencing;

import org.jspecify.annotations.NullMarked;
