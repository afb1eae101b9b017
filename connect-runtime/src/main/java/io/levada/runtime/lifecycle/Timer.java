/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import java.time.Duration;
import java.util.concurrent.Future;

/** Runs messages later, on the thread that owns what they touch. */
@FunctionalInterface
interface Timer {
    /** Cancelling the answer cancels the message. */
    Future<?> after(Duration delay, Runnable message);
}
