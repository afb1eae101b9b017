/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Folders named after fields of the value: {@code country=PT/year=2026}. What would end a folder or lead out of it is written
 * as in a URL ({@code a/b} is {@code a%2Fb}), so that two values never share a folder.
 */
record FieldFolders(List<String> fields, String delim) implements Partitioner {
    @Override
    public String folders(SinkRecord record, long timeMs) {
        return fields.stream()
                .map(field -> field + "=" + escaped(text(record, field), delim))
                .collect(Collectors.joining(delim));
    }

    private static String escaped(String text, String delim) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter < ' ' || letter == 0x7F || "/\\%".indexOf(letter) >= 0 || delim.indexOf(letter) >= 0) {
                escaped.append('%')
                        .append(Character.toUpperCase(Character.forDigit(letter >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(letter & 15, 16)));
            } else {
                escaped.append(letter);
            }
        }
        return escaped.toString();
    }

    private static String text(SinkRecord record, String field) {
        Object value = FieldPath.valueOf(record.value(), field);
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        throw new DataException("Field " + field + " of the value is " + (value == null ? "absent" : value.getClass())
                + "; FieldPartitioner needs a string, a number or a boolean");
    }
}
