/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchemasAdviceTest {
    @Test
    void anEnvelopeThatIsSeenAsDataNamesTheKeyToChange() {
        Map<String, Object> envelope = Map.of("schema", Map.of(), "payload", Map.of("id", 1));
        assertThat(SchemasAdvice.forRecords(List.of(record(null, Map.of("id", 1)), record(null, envelope))))
                .contains("set value.converter.schemas.enable=true");
        assertThat(SchemasAdvice.forRecords(List.of(record(envelope, null))))
                .contains("set key.converter.schemas.enable=true");
        Schema schema = SchemaBuilder.struct()
                .field("schema", Schema.STRING_SCHEMA)
                .field("payload", Schema.STRING_SCHEMA)
                .build();
        assertThat(SchemasAdvice.forRecords(List.of(record(null, new Struct(schema)))))
                .contains("value.converter");
    }

    @Test
    void otherValuesAreNotBlamed() {
        assertThat(SchemasAdvice.forRecords(List.of(record("k", Map.of("schema", 1, "payload", 2, "id", 3)))))
                .isEmpty();
        assertThat(SchemasAdvice.forRecords(List.of())).isEmpty();
    }

    @Test
    void whatThePluginSaysItselfIsNotSaidTwice() {
        SinkRecord envelope = record(null, Map.of("schema", 1, "payload", 2));
        assertThat(SchemasAdvice.forRecords(
                        List.of(envelope), new DataException("set value.converter.schemas.enable=true")))
                .isEmpty();
    }

    @Test
    void plainDataWhereAnEnvelopeIsExpectedNamesTheKeyToChange() {
        DataException apache = new DataException("JsonConverter with schemas.enable requires \"schema\" and \"payload\""
                + " fields and may not contain additional fields.");
        DataException ours = new DataException("Cannot read JSON: with schemas.enable=true a message must be an object"
                + " with \"schema\" and \"payload\" and nothing else.");
        assertThat(SchemasAdvice.forConverter(Stage.VALUE_CONVERTER, apache))
                .contains("set value.converter.schemas.enable=false");
        assertThat(SchemasAdvice.forConverter(Stage.KEY_CONVERTER, ours))
                .contains("set key.converter.schemas.enable=false");
        assertThat(SchemasAdvice.forConverter(Stage.VALUE_CONVERTER, new DataException("odd")))
                .isEmpty();
    }

    private static SinkRecord record(@Nullable Object key, @Nullable Object value) {
        return new SinkRecord("t", 0, null, key, null, value, 0);
    }
}
