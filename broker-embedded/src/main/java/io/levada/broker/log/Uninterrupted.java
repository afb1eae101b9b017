/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.util.function.Supplier;

/** Runs file operations with the thread's interrupt held back: the JDK closes a file that an interrupted thread uses, for everyone. */
final class Uninterrupted {
    private Uninterrupted() {}

    static <T> T call(Supplier<T> operation) {
        boolean interrupted = Thread.interrupted();
        try {
            return operation.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
