/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.cdc.table.TableName;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;

final class ToldKeysTest {

    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build();
    private static final TableName TABLE = new TableName("public", "t");

    private static Struct key(int id) {
        return new Struct(KEY).put("id", id);
    }

    /** One transaction may change more rows than there is memory. */
    @Test
    void keepsNoMoreThanItMay() {
        ToldKeys keys = new ToldKeys(2);
        for (int id = 1; id <= 3; id++) {
            keys.add(TABLE, key(id));
        }
        assertThat(keys.isFull()).isTrue();
        assertThat(keys.has(TABLE, key(2))).isTrue();
        assertThat(keys.has(TABLE, key(3))).isFalse();
    }
}
