/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import java.util.List;

/** The two meanings of HTTP 409, which only the message tells apart: a name is taken, or the workers rebalance. */
final class Conflict {
    /** How Kafka Connect's messages of a rebalance begin. They name no connector, so that no name can look like one. */
    private static final List<String> REBALANCE = List.of(
            "Cannot complete request momentarily due to ",
            "Cannot complete request because of a conflicting operation (e.g. worker rebalance)",
            "Request cannot be completed because a rebalance is expected");

    private Conflict() {}

    /** Whether it passes by itself. */
    static boolean isRebalance(int status, String message) {
        return status == 409 && REBALANCE.stream().anyMatch(message::startsWith);
    }
}
