/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import org.jspecify.annotations.Nullable;

/** What plugins throw is often caught as a whole, also exceptions that their methods do not declare, which Scala and Kotlin let through. */
public final class Interruption {
    private Interruption() {}

    /** Sets the thread's flag again if this is an interruption, which is for the thread and not for the plugin. */
    public static void keep(@Nullable Throwable caught) {
        if (caught instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
    }
}
