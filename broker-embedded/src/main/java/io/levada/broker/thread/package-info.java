/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where the broker's threads come from: one place, so that a test can run all of the broker on one thread of its own, in an order of its own
 * ({@code io.levada.broker.simulation}).
 */
@NullMarked
package io.levada.broker.thread;

import org.jspecify.annotations.NullMarked;
