/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

import org.apache.kafka.connect.errors.RetriableException;

/** The group is agreeing anew, or its leader did not answer: the same may be done in a moment. */
public final class GroupBusyException extends RetriableException {
    private static final long serialVersionUID = 1L;

    public GroupBusyException(String message) {
        super(message);
    }

    public GroupBusyException(String message, Throwable cause) {
        super(message, cause);
    }

    /** As Kafka Connect says it. */
    public static GroupBusyException noLeader() {
        return new GroupBusyException("Cannot complete request momentarily due to no known leader URL,"
                + " likely because a rebalance was underway.");
    }
}
