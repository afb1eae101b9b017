/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

/** The process that uses the disk is gone from here on: thrown in the middle of an operation, and by each one after it. */
public final class ProcessDeath extends Error {
    private static final long serialVersionUID = 1L;

    ProcessDeath(String where) {
        super("the process died before: " + where, null, false, false);
    }
}
