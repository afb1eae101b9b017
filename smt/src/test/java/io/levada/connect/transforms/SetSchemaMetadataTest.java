/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

final class SetSchemaMetadataTest {

    @Test
    void arraysAndPrimitivesAreNamedToo() {
        try (SetSchemaMetadata<SinkRecord> transform = new SetSchemaMetadata.Value<>()) {
            transform.configure(Map.of("schema.name", "tags", "schema.version", "2"));
            Schema tags = SchemaBuilder.array(Schema.STRING_SCHEMA).build();

            assertThat(named(transform, tags, List.of("new")))
                    .isEqualTo(SchemaBuilder.array(Schema.STRING_SCHEMA)
                            .name("tags")
                            .version(2)
                            .build());
            assertThat(named(transform, Schema.INT64_SCHEMA, 7L))
                    .isEqualTo(SchemaBuilder.int64().name("tags").version(2).build());
        }
    }

    private static Schema named(SetSchemaMetadata<SinkRecord> transform, Schema schema, Object value) {
        return transform
                .apply(new SinkRecord("orders", 0, null, null, schema, value, 1))
                .valueSchema();
    }
}
