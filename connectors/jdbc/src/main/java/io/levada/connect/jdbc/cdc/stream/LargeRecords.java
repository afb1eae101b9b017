/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says beforehand which record a producer may refuse, which itself knows neither column nor table. For each table the first, and then
 * each that is larger than any before. Used by the capturing thread.
 */
final class LargeRecords {

    private static final Logger LOGGER = LoggerFactory.getLogger(LargeRecords.class);

    private static final List<String> SIDES = List.of("before", "after");
    private static final Value NONE = new Value("", 0);

    private final int requestMax;
    private final Map<String, Long> largest = new HashMap<>();

    /** @param requestMax bytes that a producer takes */
    LargeRecords(int requestMax) {
        this.requestMax = requestMax;
    }

    /** @param sent bytes that the server sent for it, which may be some more, or fewer, than those of its values */
    void look(SourceRecord record, long sent) {
        if (sent < requestMax || !(record.value() instanceof Struct event)) {
            return;
        }
        Value largestValue = NONE;
        long bytes = 0;
        for (String side : SIDES) {
            if (event.schema().field(side) != null && event.get(side) instanceof Struct row) {
                for (Field field : row.schema().fields()) {
                    Value value = new Value(field.name(), bytes(row.get(field)));
                    bytes += value.bytes();
                    largestValue = value.bytes() > largestValue.bytes() ? value : largestValue;
                }
            }
        }
        if (bytes < requestMax || bytes <= largest.getOrDefault(record.topic(), 0L)) {
            return;
        }
        largest.put(record.topic(), bytes);
        LOGGER.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("bytes", bytes)
                .addKeyValue("column", largestValue.column())
                .addKeyValue("columnBytes", largestValue.bytes())
                .addKeyValue("max.request.size", requestMax)
                .log(
                        "a row is larger than the producer may take; if it is refused, set producer.override.max.request.size of the"
                                + " connector and max.message.bytes of the topic to more than that, or keep the column small, or out, by"
                                + " column.truncate.to.N.chars or column.exclude.list");
    }

    private record Value(String column, long bytes) {}

    /** Of what may be large; a letter of a text counts as one byte, as a copy of it would cost what it measures. */
    private static long bytes(@Nullable Object value) {
        if (value instanceof String text) {
            return text.length();
        }
        if (value instanceof byte[] bytes) {
            return bytes.length;
        }
        if (value instanceof List<?> array) {
            return array.stream().mapToLong(LargeRecords::bytes).sum();
        }
        return value instanceof ByteBuffer buffer ? buffer.remaining() : 0;
    }
}
