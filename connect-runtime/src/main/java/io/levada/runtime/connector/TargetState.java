/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

/** What the user wants a connector to be; kept in the config topic (KIP-52, KIP-875). */
public enum TargetState {
    /** Connector and tasks run. */
    STARTED,
    /** Connector and tasks exist but move nothing. */
    PAUSED,
    /** Neither connector nor tasks exist; offsets may be altered. */
    STOPPED
}
