/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names as Debezium 3.7 makes them: what is expected here was asked of its own classes. */
final class NamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a-b.c d | a_b.c_d | a_u002db.c_u0020d | a_b_c_d | a_u002db_u002ec_u0020d",
                "1st | _1st | _u0031st | _1st | _u0031st",
                "ä.x | _.x | _u00e4.x | __x | _u00e4_u002ex",
                "_x | _x | _u005fx | _x | _u005fx",
                "a_b | a_b | a_u005fb | a_b | a_u005fb",
                "p.my table.Value | p.my_table.Value | p.my_u0020table.Value | p_my_table_Value | p_u002emy_u0020table_u002eValue",
                "9.a | _9.a | _u0039.a | _9_a | _u0039_u002ea",
                "a€ | a_ | a_u20ac | a_ | a_u20ac",
                "٣x | _٣x | _u663x | _٣x | _u663x",
                "'\u0001' | _ | _u001 | _ | _u001",
                "'' | '' | '' | '' | ''",
            })
    void adjustsNamesForAvro(String name, String schema, String unicodeSchema, String field, String unicodeField) {
        assertThat(NameAdjustment.AVRO.schema(name)).isEqualTo(schema);
        assertThat(NameAdjustment.AVRO_UNICODE.schema(name)).isEqualTo(unicodeSchema);
        assertThat(NameAdjustment.AVRO.field(name)).isEqualTo(field);
        assertThat(NameAdjustment.AVRO_UNICODE.field(name)).isEqualTo(unicodeField);
        assertThat(NameAdjustment.NONE.schema(name)).isEqualTo(name);
        assertThat(NameAdjustment.NONE.field(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "SCHEMA, pre_fix.public.orders, pre_fix.my_schema.a_b_",
        "DEFAULT, pre_fix.orders, pre_fix.a_b_",
        "SCHEMA_UNICODE, pre_u005ffix.public.orders, pre_u005ffix.my_u0020schema.a_u005fb_u20ac",
        "DEFAULT_UNICODE, pre_u005ffix.orders, pre_u005ffix.a_u005fb_u20ac",
    })
    void namesTopicsAsTheStrategiesDo(TopicNaming naming, String plain, String odd) {
        assertThat(naming.topic("pre_fix", ".", new TableName("public", "orders")))
                .isEqualTo(plain);
        assertThat(naming.topic("pre_fix", ".", new TableName("my schema", "a_b€")))
                .isEqualTo(odd);
        assertThat(naming.topic("pre_fix", ".", new TableName("s", "x".repeat(300))))
                .hasSize(249);
    }

    @Test
    void namesTheHeartbeatsTopic() {
        assertThat(topics("", NameAdjustment.NONE).heartbeat()).isEqualTo("beat-pre.fix");
        assertThat(topics(" all beats ", NameAdjustment.NONE).heartbeat()).isEqualTo("all_beats");
    }

    @Test
    void adjustsFieldsWhereTheConnectorsOwnConverterIsAvros() {
        Topics plain = topics("", NameAdjustment.NONE);
        String confluent = "io.confluent.connect.avro.AvroConverter";
        assertThat(plain.forConverters(Map.of("value.converter", confluent)).fieldName("a-b"))
                .isEqualTo("a_b");
        assertThat(plain.forConverters(Map.of("key.converter", confluent)).fieldName("a-b"))
                .isEqualTo("a_b");
        assertThat(plain.forConverters(Map.of("value.converter", "other")).fieldName("a-b"))
                .isEqualTo("a-b");
        assertThat(topics("", NameAdjustment.AVRO_UNICODE)
                        .forConverters(Map.of("value.converter", confluent))
                        .fieldName("a-b"))
                .isEqualTo("a_u002db");
    }

    private static Topics topics(String heartbeat, NameAdjustment fields) {
        return new Topics(
                "pre.fix", "-", "beat", "transaction", heartbeat, TopicNaming.SCHEMA, NameAdjustment.NONE, fields);
    }
}
