/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.json.DecimalText;
import io.levada.connect.api.json.JsonText;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** What a line says of a record's value. */
enum LineFormat {
    /** What {@code toString()} says, as Apache's connector writes it: {@code Struct{id=1}}. */
    TEXT {
        @Override
        String line(SinkRecord record) {
            return String.valueOf(record.value());
        }
    },
    /** Structs, maps and lists as JSON, all else as its text. */
    JSON {
        @Override
        String line(SinkRecord record) {
            Object value = record.value();
            boolean structured = value instanceof Struct || value instanceof Map || value instanceof Collection;
            return structured ? JSON_TEXT.of(record.valueSchema(), value) : String.valueOf(value);
        }
    };

    private static final JsonText JSON_TEXT = new JsonText(DecimalText.NUMERIC);

    abstract String line(SinkRecord record);
}
