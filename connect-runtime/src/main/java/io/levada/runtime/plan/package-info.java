/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a worker has to do to get from what it runs to what it should run: a pure function to an ordered list of steps.
 * Any thread.
 */
@NullMarked
package io.levada.runtime.plan;

import org.jspecify.annotations.NullMarked;
