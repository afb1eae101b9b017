/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.config.Spelled;

/**
 * What becomes of names that Avro does not allow: letters, digits and underscores, and dots between the parts of a schema's name,
 * not beginning with a digit. The results are Debezium's.
 */
public enum NameAdjustment implements Spelled {
    /** Names stay. */
    NONE("none"),
    /** An underscore for each other character. */
    AVRO("avro"),
    /** {@code _uXXXX} for each other character, the underscore among them, so that no two names become one. */
    AVRO_UNICODE("avro_unicode");

    private final String spelling;

    NameAdjustment(String spelling) {
        this.spelling = spelling;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    /** The name of a schema, whose parts may be separated by dots. */
    String schema(String name) {
        return adjusted(name, true);
    }

    /** The name of a field. */
    String field(String name) {
        return adjusted(name, false);
    }

    private String adjusted(String name, boolean dots) {
        if (this == NONE) {
            return name;
        }
        StringBuilder adjusted = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            boolean stays = isLetter(c) || (c == '_' && this == AVRO) || (i > 0 && (isDigit || (dots && c == '.')));
            if (stays) {
                adjusted.append(c);
            } else if (this == AVRO) {
                // A digit may not be the first, and follows what is.
                adjusted.append('_').append(Character.isDigit(c) && i == 0 ? String.valueOf(c) : "");
            } else {
                adjusted.append(escaped(c));
            }
        }
        return adjusted.toString();
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The underscore is to it what the backslash is to Java. */
    static String escaped(char c) {
        String hex = Integer.toHexString(c);
        return "_u" + (hex.length() <= 2 ? "00" : "") + hex;
    }
}
