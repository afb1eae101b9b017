/* SPDX-License-Identifier: Apache-2.0 */
/** The threads of tasks, how they wait and by which clock; a simulation has others. Any thread. */
@NullMarked
package io.levada.runtime.threads;

import org.jspecify.annotations.NullMarked;
