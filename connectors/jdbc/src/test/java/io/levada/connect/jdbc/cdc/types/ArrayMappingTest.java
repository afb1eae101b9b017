/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArrayMappingTest {

    private static final Placeholder PLACEHOLDER = new Placeholder("gone");
    private static final ColumnMapping TEXTS = array(PlainMapping.of(SchemaBuilder::string, Text::read), ',', true);
    private static final ColumnMapping INTS = array(PlainMapping.of(SchemaBuilder::int32, Numbers::int4), ',', true);

    private static ColumnMapping array(ColumnMapping element, char separator, boolean optional) {
        PgType type = new PgType(1, "pg_catalog", "_any", 'b', 0, -1, 2);
        return ArrayMapping.of(type, element, separator, optional, null);
    }

    @Test
    void elementsAreReadByTheirMapping() {
        assertThat(read(INTS, "{1,NULL,-2}"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(1, null, -2);
        assertThat(read(INTS, "{}")).isEqualTo(List.of());
        assertThat(read(INTS, "[2:3]={1,2}")).isEqualTo(List.of(1, 2));
        assertThat(INTS.schema().build())
                .isEqualTo(SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA).build());
    }

    @Test
    void quotesAndBackslashesAreTakenAway() {
        assertThat(read(TEXTS, "{a,\"b,c\",\"d\\\"e\\\\f\",\"NULL\",\"\",\" x \",\"{}\",ä,null}"))
                .isEqualTo(List.of("a", "b,c", "d\"e\\f", "NULL", "", " x ", "{}", "ä", "null"));
    }

    @Test
    void boxesAreApartBySemicolons() {
        assertThat(read(array(Geometries.box(), ';', true), "{(1,1),(0,0);(2,2),(1,1)}"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
    }

    @Test
    void nullIsRefusedWhereTheSchemaHasNoRoomForIt() {
        ColumnMapping labels = array(new EnumMapping(List.of("sad", "ok"), PLACEHOLDER), ',', false);

        assertThat(labels.schema().build().valueSchema().isOptional()).isFalse();
        assertThat(read(labels, "{ok,sad}")).isEqualTo(List.of("ok", "sad"));
        assertThatThrownBy(() -> read(labels, "{ok,NULL}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column.exclude.list");
    }

    @Test
    void labelsOfLaterAreNoticed() {
        ColumnMapping labels = array(new EnumMapping(List.of("sad", "ok"), PLACEHOLDER), ',', false);

        assertThat(labels.outdatedBy(read(labels, "{ok,sad}"))).isFalse();
        assertThat(labels.outdatedBy(read(labels, "{ok,new}"))).isTrue();
        assertThat(INTS.outdatedBy(read(INTS, "{1,NULL}"))).isFalse();
    }

    @Test
    void severalDimensionsAreRefused() {
        assertThatThrownBy(() -> read(INTS, "{{1,2},{3,4}}"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("several dimensions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "{1",
                "1}",
                "{1,}",
                "{,1}",
                "{,}",
                "{\"1}",
                "{\"1\"2}",
                "{\"1\\\"}",
                "[2:3]",
                "[2:3]=",
                "[",
                "{1}}",
                "{x}"
            })
    void whatIsNoArrayIsRefused(String text) {
        assertThatThrownBy(() -> read(INTS, text)).isInstanceOf(DataException.class);
    }

    @Test
    void arraysOfAnyTextAreReadBack() {
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            List<@Nullable String> values = new ArrayList<>();
            for (int size = random.nextInt(5); size > 0; size--) {
                values.add(random.nextInt(5) == 0 ? null : anyText(random));
            }
            String text = values.stream().map(ArrayMappingTest::element).collect(Collectors.joining(",", "{", "}"));

            assertThat(read(TEXTS, text)).as(text).isEqualTo(values);
        }
    }

    private static String anyText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int size = random.nextInt(8); size > 0; size--) {
            text.append("ab\"\\,{} ä€N".charAt(random.nextInt(11)));
        }
        return text.toString();
    }

    private static String element(@Nullable String value) {
        return value == null ? "NULL" : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
