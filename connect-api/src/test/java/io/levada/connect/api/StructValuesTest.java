/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

class StructValuesTest {

    private static final Schema SCHEMA = SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("name", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private final Struct struct = new Struct(SCHEMA);

    @Test
    void aFilledStructIsTheOneThatPutMakes() {
        StructValues.put(struct, SCHEMA.field("id"), 7L);
        StructValues.put(struct, SCHEMA.field("name"), "Ada");

        assertThat(struct).isEqualTo(new Struct(SCHEMA).put("id", 7L).put("name", "Ada"));
        struct.validate();
    }

    @Test
    void nullGoesOnlyIntoAnOptionalField() {
        StructValues.put(struct, SCHEMA.field("name"), null);

        assertThat(struct.get("name")).isNull();
        assertThatThrownBy(() -> StructValues.put(struct, SCHEMA.field("id"), null))
                .isInstanceOf(DataException.class);
    }

    @Test
    void valuesAreFoundInThisVersionOfKafka() {
        assertThat(StructValues.arePutUnchecked()).isTrue();
    }
}
