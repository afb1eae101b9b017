/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.function.Supplier;

/** The broker broke a promise. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
    }

    Violation(String message, Throwable cause) {
        super(message, cause);
    }

    static void unless(boolean kept, Supplier<String> message) {
        if (!kept) {
            throw new Violation(message.get());
        }
    }
}
