/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One number for each change of the table, dense enough for a set of bits: a row that was written carries the number of its change,
 * and a row is deleted but once.
 */
final class ChangeNumber {

    static final int NONE = -1;

    /** What is beyond was not counted by the demo, and would only cost memory here. */
    private static final long MAX = 1 << 27;

    private ChangeNumber() {}

    static int ofWritten(long change) {
        return Math.toIntExact(2 * change);
    }

    static int ofDeleted(long id) {
        return Math.toIntExact(2 * id + 1);
    }

    /** The change as one can find it. */
    static String toString(int number) {
        return number % 2 == 0 ? "change " + number / 2 : "deletion of id " + number / 2;
    }

    /** Of an event of change capture; {@link #NONE} if it is something else. */
    static int of(JsonNode event) {
        boolean deleted = event.path("op").asText().equals("d");
        JsonNode number =
                deleted ? event.path("before").path("id") : event.path("after").path("change");
        if (!number.isIntegralNumber() || number.asLong() < 0 || number.asLong() > MAX) {
            return NONE;
        }
        return deleted ? ofDeleted(number.asLong()) : ofWritten(number.asLong());
    }
}
