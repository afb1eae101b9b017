/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import org.jspecify.annotations.Nullable;

/** One operation on one record. */
@FunctionalInterface
public interface Operation<T> {
    /**
     * Does it; may be called again if it failed in a way that may pass.
     *
     * @throws InterruptedException by plugins in Scala and Kotlin, as a checked exception that their API does not know
     */
    @Nullable
    T run() throws InterruptedException;

    /** What to change, as far as the record tells, now that it has failed; empty, or a sentence behind a space. */
    default String advice() {
        return "";
    }
}
