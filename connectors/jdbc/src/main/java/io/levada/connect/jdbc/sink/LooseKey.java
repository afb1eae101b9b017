/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A key without what columns may pass over: case, accents, spaces at the end, the hyphens of a uuid, zeros behind the point. Keys
 * that are one to the database are one here too; others may be as well, which costs statements and no more.
 */
final class LooseKey {

    private LooseKey() {}

    /** Of a row's key, comparable by equals. */
    static Object of(Object key) {
        if (key instanceof String text) {
            return of(text);
        }
        if (key instanceof Integer || key instanceof Short || key instanceof Byte) {
            return ((Number) key).longValue();
        }
        if (key instanceof BigDecimal number) {
            return number.stripTrailingZeros();
        }
        if (key instanceof List<?> parts) {
            List<Object> loose = new ArrayList<>(parts.size());
            parts.forEach(part -> loose.add(of(part)));
            return loose;
        }
        return key;
    }

    private static String of(String text) {
        boolean ascii = text.chars().allMatch(c -> c < 0x80);
        String plain = ascii ? text : Normalizer.normalize(text.toUpperCase(Locale.ROOT), Normalizer.Form.NFKD);
        StringBuilder kept = new StringBuilder(plain.length());
        plain.codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(c -> kept.appendCodePoint(Character.toUpperCase(c)));
        return kept.toString();
    }
}
