/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** Folders named after fields of the value: {@code country=PT/year=2026}. */
record FieldFolders(List<String> fields, String delim) implements Partitioner {
    @Override
    public String folders(SinkRecord record, long timeMs) {
        return fields.stream().map(field -> field + "=" + text(record, field)).collect(Collectors.joining(delim));
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
