/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import static io.levada.connect.jdbc.cdc.types.Reading.read;
import static io.levada.connect.jdbc.cdc.types.Reading.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Geometries, hstore and vectors. */
final class StructuresTest {

    private static final Placeholder PLACEHOLDER = new Placeholder("gone");
    private static final String ONE = "000000000000f03f";
    private static final String ZERO = "0000000000000000";

    @Test
    void pointHasItsCoordinatesAndItsBinary() {
        assertThat(shown(read(Geometries.point(), "(1.5,-2.25)")))
                .isEqualTo("1.5 -2.25 0101000000000000000000f83f00000000000002c0");
    }

    @Test
    void circleAndLineHaveTheirNumbers() {
        assertThat(shown(read(Geometries.circle(), "<(1,0),3>"))).isEqualTo("1.0 0.0 0101000000" + ONE + ZERO + " 3.0");
        assertThat(shown(read(Geometries.line(), "{1,2,-3.5}"))).isEqualTo("1.0 2.0 -3.5");
    }

    @Test
    void otherShapesAreWellKnownBinary() {
        assertThat(shown(read(Geometries.lseg(), "[(0,0),(1,1)]")))
                .isEqualTo("010200000002000000" + ZERO + ZERO + ONE + ONE + " {type=lseg}");
        assertThat(shown(read(Geometries.box(), "(1,1),(0,0)")))
                .isEqualTo("01030000000100000005000000" + ONE + ONE + ONE + ZERO + ZERO + ZERO + ZERO + ONE + ONE + ONE
                        + " {type=box}");
        assertThat(shown(read(Geometries.polygon(), "((0,0),(1,1),(1,0))")))
                .isEqualTo("01030000000100000004000000" + ZERO + ZERO + ONE + ONE + ONE + ZERO + ZERO + ZERO
                        + " {type=polygon}");
        assertThat(shown(read(Geometries.polygon(), "((0,0))")))
                .isEqualTo("01030000000100000001000000" + ZERO + ZERO + " {type=polygon}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"[(0,0),(1,1)];false", "((0,0),(1,1));true"})
    void pathSaysWhetherItIsClosed(String text, String closed) {
        Struct path = (Struct) read(Geometries.path(), text);

        assertThat(path.getBytes("wkb")).hasSize(9 + 32);
        assertThat(path.getMap("extensions")).isEqualTo(Map.of("type", "path", "closed", closed));
    }

    @ParameterizedTest
    @CsvSource({
        "0101000000000000000000F03F0000000000000000, ''",
        "0101000020E6100000000000000000F03F0000000000000000, ' 4326'",
        "0020000001000010E63FF00000000000000000000000000000, ' 4326'",
    })
    void postGisShapesAreTheirBinaryAndSrid(String text, String srid) {
        assertThat(shown(read(Geometries.postGisGeometry(), text))).isEqualToIgnoringCase(text + srid);
        assertThat(shown(read(Geometries.postGisGeography(), text))).isEqualToIgnoringCase(text + srid);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "(1,2,3)", "(1)", "(x,y)", "1 2", "()"})
    void whatIsNoShapeIsRefused(String text) {
        for (ColumnMapping mapping : List.of(
                Geometries.point(),
                Geometries.box(),
                Geometries.path(),
                Geometries.polygon(),
                Geometries.postGisGeometry())) {
            assertThatThrownBy(() -> read(mapping, text)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void hstoreIsJsonOrAMap() {
        String text = "\"k\"=>\"v\", \"n\"=>NULL, \"sp ace\"=>\"q\\\"uo\\\\te\"";
        Map<Object, Object> map = new HashMap<>(Map.of("k", "v", "sp ace", "q\"uo\\te"));
        map.put("n", null);

        assertThat(read(Hstore.mapping(HstoreMode.JSON, PLACEHOLDER), text))
                .isEqualTo("{\"sp ace\":\"q\\\"uo\\\\te\",\"k\":\"v\",\"n\":null}");
        assertThat(read(Hstore.mapping(HstoreMode.MAP, PLACEHOLDER), text)).isEqualTo(map);
        assertThat(read(Hstore.mapping(HstoreMode.JSON, PLACEHOLDER), "")).isEqualTo("{}");
        assertThat(read(Hstore.mapping(HstoreMode.JSON, PLACEHOLDER), "\"ä\t\u0001\"=>\"€\n/\""))
                .isEqualTo("{\"ä\\t\\u0001\":\"€\\n/\"}");
    }

    @Test
    void placeholderOfHstoreIsKeyAndValue() {
        assertThat(Hstore.mapping(HstoreMode.JSON, PLACEHOLDER).unavailable()).isEqualTo("{\"gone\":\"gone\"}");
        assertThat(Hstore.mapping(HstoreMode.MAP, PLACEHOLDER).unavailable()).isEqualTo(Map.of("gone", "gone"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "k",
                "\"k\"",
                "\"k\"=>",
                "\"k\"=>v",
                "\"k\"=>\"v",
                "\"k\"=>\"v\\",
                "\"k\"=>NUL",
                "\"k\"=>NULL,",
                "\"k\"=>NULL \"l\"=>NULL"
            })
    void whatIsNoHstoreIsRefused(String text) {
        assertThatThrownBy(() -> read(Hstore.mapping(HstoreMode.MAP, PLACEHOLDER), text))
                .isInstanceOf(DataException.class);
    }

    @Test
    void vectorsAreTheirNumbers() {
        assertThat(read(Vectors.vector(), "[1,2.5,-3]")).isEqualTo(List.of(1.0, 2.5, -3.0));
        assertThat(read(Vectors.halfVector(), "[1,2.5]")).isEqualTo(List.of(1f, 2.5f));
        Struct sparse = (Struct) read(Vectors.sparseVector(), "{1:1.5,3:2}/5");
        assertThat(sparse.getInt16("dimensions")).isEqualTo((short) 5);
        assertThat(sparse.getMap("vector")).isEqualTo(Map.of((short) 1, 1.5, (short) 3, 2.0));
        assertThat(((Struct) read(Vectors.sparseVector(), "{}/5")).getMap("vector"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "[1,]", "[1", "1]", "{1:1}", "{1:1}/", "{1}/2", "{1:}/2", "{:1}/2", "/5", "{1:1,}/x"})
    void whatIsNoVectorIsRefused(String text) {
        assertThatThrownBy(() -> read(Vectors.vector(), text)).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> read(Vectors.sparseVector(), text)).isInstanceOf(DataException.class);
    }
}
