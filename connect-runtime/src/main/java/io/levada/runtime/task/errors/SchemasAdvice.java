/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import io.levada.runtime.diagnosis.FailureText;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * What to change where a failure comes from JsonConverter's two ways of writing: an object {@code {"schema": .., "payload": ..}} that was read
 * as if it were the data, or plain data where such an object was expected. Looked at only when something has failed.
 */
public final class SchemasAdvice {
    private static final Set<String> ENVELOPE = Set.of("schema", "payload");

    private SchemasAdvice() {}

    /** As {@link #forRecords(List)}; empty also if the plugin itself gives this advice. */
    public static String forRecords(List<? extends ConnectRecord<?>> records, Throwable cause) {
        return FailureText.of(cause).contains(".converter.schemas.enable") ? "" : forRecords(records);
    }

    /** For records that a plugin refused; empty if none of them is to blame. Begins with a space otherwise. */
    public static String forRecords(List<? extends ConnectRecord<?>> records) {
        if (records.stream().anyMatch(record -> isEnvelope(record.value()))) {
            return seenAsData("value");
        }
        return records.stream().anyMatch(record -> isEnvelope(record.key())) ? seenAsData("key") : "";
    }

    /** For what a converter threw; as {@link #forRecords(List)}. Says nothing of other stages. */
    static String forConverter(Stage stage, Throwable cause) {
        boolean converter = stage == Stage.KEY_CONVERTER || stage == Stage.VALUE_CONVERTER;
        return converter && expected(cause) ? plainData(stage == Stage.KEY_CONVERTER ? "key" : "value") : "";
    }

    /** JsonConverter's own words for it, Apache's and ours. */
    private static boolean expected(Throwable cause) {
        String message = String.valueOf(FailureText.message(cause));
        return message.contains("schemas.enable") && message.contains("\"schema\" and \"payload\"");
    }

    private static boolean isEnvelope(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.keySet().equals(ENVELOPE);
        }
        return value instanceof Struct struct
                && struct.schema().fields().size() == 2
                && struct.schema().fields().stream().map(Field::name).allMatch(ENVELOPE::contains);
    }

    private static String seenAsData(String part) {
        String converter = part + ".converter";
        return " The " + part
                + " of a record is {\"schema\": .., \"payload\": ..}, which JsonConverter writes with schemas.enable=true,"
                + " and it was read as if that were the data: set " + converter + ".schemas.enable=true, and "
                + converter
                + " itself, on this connector.";
    }

    private static String plainData(String part) {
        String converter = part + ".converter";
        return " The " + part + " is not what JsonConverter writes with schemas.enable=true: if it is plain JSON, set "
                + converter + ".schemas.enable=false, and " + converter + " itself, on this connector.";
    }
}
