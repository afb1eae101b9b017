/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.status;

/** What a connector or task is doing, in Kafka Connect's words. */
public enum State {
    UNASSIGNED,
    RUNNING,
    PAUSED,
    STOPPED,
    FAILED,
    RESTARTING,
    /** Written by nobody; read from older topics. */
    DESTROYED
}
