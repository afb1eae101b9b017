/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.Decision;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Timers whose steps are decisions like those about requests. */
@FunctionalInterface
interface Timers {
    /** Takes a decision about a group after a while, on the coordinator thread. */
    Future<?> after(long delayMs, String group, Supplier<Decision<?>> step);
}
