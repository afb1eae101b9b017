/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import io.levada.runtime.connector.TaskId;
import java.util.Map;
import java.util.TreeMap;

/** One life of a task. */
final class Life {
    private final int number;
    private final TaskId id;
    private final Map<Integer, Long> handed = new TreeMap<>();
    private final Map<Integer, Long> held = new TreeMap<>();
    private boolean over;
    private boolean givenUp;

    Life(int number, TaskId id) {
        this.number = number;
        this.id = id;
    }

    int number() {
        return number;
    }

    TaskId id() {
        return id;
    }

    /** The newest offsets that it handed over. */
    Map<Integer, Long> handed() {
        return handed;
    }

    /** Those that were stored. */
    Map<Integer, Long> held() {
        return held;
    }

    void end() {
        over = true;
    }

    void giveUp() {
        givenUp = true;
    }

    boolean isGivenUp() {
        return givenUp;
    }

    /** Whether it may still do something that counts. */
    boolean counts() {
        return !over && !givenUp;
    }

    @Override
    public String toString() {
        return "life " + number + " of " + id;
    }
}
