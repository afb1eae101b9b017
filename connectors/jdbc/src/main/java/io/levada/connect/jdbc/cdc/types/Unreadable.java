/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.connect.errors.DataException;

/** Says of a text that it is no value of its type. */
final class Unreadable {

    private static final int SHOWN_CHARACTERS = 100;

    private Unreadable() {}

    static DataException value(String type, byte[] text, int offset, int length) {
        // Four bytes are enough for any character: a text of megabytes is not made a String to be cut.
        String start = new String(text, offset, Math.min(length, 4 * SHOWN_CHARACTERS), StandardCharsets.UTF_8);
        boolean cut = length > 4 * SHOWN_CHARACTERS || start.length() > SHOWN_CHARACTERS;
        String shown = cut ? start.substring(0, Math.min(start.length(), SHOWN_CHARACTERS)) + "..." : start;
        return new DataException("not a value of type " + type + ": '" + shown + "'");
    }
}
