/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

/** The states of a group of the classic protocol, by Kafka's names. EMPTY -> PREPARING_REBALANCE -> COMPLETING_REBALANCE -> STABLE, and back. */
enum GroupState {
    /** No members; there may be offsets. */
    EMPTY("Empty"),
    /** Members are joining. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** All have joined; the leader works out the assignment. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Every member knows its assignment. */
    STABLE("Stable");

    private final String text;

    GroupState(String text) {
        this.text = text;
    }

    /** As the admin APIs report it. */
    String text() {
        return text;
    }
}
