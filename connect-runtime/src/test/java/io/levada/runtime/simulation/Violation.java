/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import java.util.function.Supplier;

/** A promise was broken. Whoever notices it tells the simulation, as the code under test may catch what is thrown. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
        super(message);
        Fibers.noticed(this);
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
