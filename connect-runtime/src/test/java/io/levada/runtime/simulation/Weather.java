/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

/** Whether anything goes wrong. */
final class Weather {
    private boolean bad = true;

    boolean isBad() {
        return bad;
    }

    /** From now on nothing goes wrong. */
    void settle() {
        bad = false;
    }
}
