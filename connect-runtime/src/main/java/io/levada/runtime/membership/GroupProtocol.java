/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.util.List;
import java.util.Locale;

/**
 * How a group of workers agrees, by the names that brokers know ({@code connect.protocol}). The brokers take the best that all members
 * speak.
 */
public enum GroupProtocol {
    /** Everything stops before anything is assigned. */
    EAGER("default", (short) 0),
    /** Only what moves stops (KIP-415). */
    COMPATIBLE("compatible", (short) 1),
    /** The same, and calls between workers are signed (KIP-507). */
    SESSIONED("sessioned", (short) 2);

    private final String protocolName;
    private final short version;

    GroupProtocol(String protocolName, short version) {
        this.protocolName = protocolName;
        this.version = version;
    }

    /** By the word of the worker's config: eager, compatible or sessioned, in any case. */
    public static GroupProtocol of(String configured) {
        return valueOf(configured.toUpperCase(Locale.ROOT));
    }

    static GroupProtocol named(String protocolName) {
        for (GroupProtocol protocol : values()) {
            if (protocol.protocolName.equals(protocolName)) {
                return protocol;
            }
        }
        throw new IllegalArgumentException("The group agreed on a protocol that is not known here: " + protocolName);
    }

    /** Those that a worker speaks whose best is this one, the best first. */
    List<GroupProtocol> spoken() {
        return switch (this) {
            case EAGER -> List.of(EAGER);
            case COMPATIBLE -> List.of(COMPATIBLE, EAGER);
            case SESSIONED -> List.of(SESSIONED, COMPATIBLE, EAGER);
        };
    }

    String protocolName() {
        return protocolName;
    }

    short version() {
        return version;
    }
}
