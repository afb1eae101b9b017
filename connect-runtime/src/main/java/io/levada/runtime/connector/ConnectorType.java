/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

/** Whether a connector reads from a system or writes to one; spelled in lower case on the wire. */
public enum ConnectorType {
    SOURCE("source"),
    SINK("sink"),
    /** Its class cannot be found, so nobody can tell. */
    UNKNOWN("unknown");

    private final String wireName;

    ConnectorType(String wireName) {
        this.wireName = wireName;
    }

    /** As REST answers spell it. */
    @Override
    public String toString() {
        return wireName;
    }
}
