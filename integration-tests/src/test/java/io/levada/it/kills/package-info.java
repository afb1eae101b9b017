/* SPDX-License-Identifier: Apache-2.0 */
/**
 * {@code levada broker} as a process that is killed again and again while stock clients write, copy, follow, compact, make and delete; what
 * it acknowledged must be there after every start. Start at {@link io.levada.it.kills.KillRun}; each {@link io.levada.it.kills.Part} of
 * the load knows what it was promised. {@code hook} kills the process at a chosen step from within.
 */
@NullMarked
package io.levada.it.kills;

import org.jspecify.annotations.NullMarked;
