/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import org.jspecify.annotations.Nullable;

/** One operation on one record. */
@FunctionalInterface
public interface Step<T> {
    /** Does it; may be called again if it failed in a way that may pass. */
    @Nullable
    T run();

    /** What to change, as far as the record tells, now that it has failed; empty, or a sentence behind a space. */
    default String advice() {
        return "";
    }
}
