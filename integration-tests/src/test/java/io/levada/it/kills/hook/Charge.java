/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

/**
 * When to end the process.
 *
 * @param point where
 * @param passing at which passing, from 1
 * @param moment before, in the middle of, or after it
 */
public record Charge(HookPoint point, int passing, Moment moment) {
    /** Only a write has a middle, at which half of its bytes are written; of others it is before them. */
    public enum Moment {
        BEFORE,
        MIDDLE,
        AFTER
    }

    static Charge parse(String text) {
        String[] words = text.strip().split(" ");
        return new Charge(HookPoint.valueOf(words[0]), Integer.parseInt(words[1]), Moment.valueOf(words[2]));
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return point + " " + passing + " " + moment;
    }
}
