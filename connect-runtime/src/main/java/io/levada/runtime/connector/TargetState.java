/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

import java.util.Locale;

/** What the user wants a connector to be; kept in the config topic (KIP-52, KIP-875). */
public enum TargetState {
    /** Connector and tasks run. */
    STARTED,
    /** Connector and tasks exist but move nothing. */
    PAUSED,
    /** Neither connector nor tasks exist; offsets may be altered. */
    STOPPED;

    /**
     * What {@code initial_state} says (KIP-980): RUNNING, PAUSED or STOPPED, in any case.
     *
     * @throws IllegalArgumentException if it is none of them, with a message that lists them
     */
    public static TargetState initial(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "RUNNING" -> STARTED;
            case "PAUSED" -> PAUSED;
            case "STOPPED" -> STOPPED;
            default ->
                throw new IllegalArgumentException(
                        text + " is no initial_state; it is one of [RUNNING, PAUSED, STOPPED], in any case");
        };
    }
}
