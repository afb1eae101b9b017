/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.json;

/** A string in JSON (RFC 8259 section 7): quotes, backslashes and control characters escaped, all else as it is. */
final class JsonString {
    private static final String HEX = "0123456789ABCDEF";

    private JsonString() {}

    static void append(StringBuilder out, CharSequence text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> appendPlain(out, each);
            }
        }
        out.append('"');
    }

    private static void appendPlain(StringBuilder out, char each) {
        if (each < 0x20) {
            out.append("\\u00").append(HEX.charAt(each >> 4)).append(HEX.charAt(each & 15));
        } else {
            out.append(each);
        }
    }
}
