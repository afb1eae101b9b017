/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The one place where a worker decides: commands from REST, events of the group and of the config topic become messages
 * to a single thread, {@code levada-herder}, which asks {@code plan} what to do and hands the steps to
 * {@code lifecycle}. It never calls a plugin.
 *
 * <p>{@link io.levada.runtime.herder.Herder} is what REST codes against; its records are values and belong to no thread.
 */
@NullMarked
package io.levada.runtime.herder;

import org.jspecify.annotations.NullMarked;
