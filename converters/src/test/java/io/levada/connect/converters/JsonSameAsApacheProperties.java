/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.connect.data.SchemaAndValue;

/** Configured alike, our JsonConverter and Apache's write the same bytes and read the same data. */
@PropertyDefaults(tries = 1500, edgeCases = EdgeCasesMode.NONE)
final class JsonSameAsApacheProperties {

    @Property
    void dataWithSchemaBecomesTheSameBytesAndBack(
            @ForAll("withSchema") List<SchemaAndValue> data, @ForAll("configs") Map<String, String> config) {
        assertRoundTrip(data, Converters.of(config));
    }

    @Property
    void schemalessDataBecomesTheSameBytesAndBack(
            @ForAll("schemaless") List<SchemaAndValue> data, @ForAll("configs") Map<String, String> config) {
        assertRoundTrip(data, Converters.of(config));
    }

    private static void assertRoundTrip(List<SchemaAndValue> data, Converters converters) {
        for (SchemaAndValue value : data) {
            byte[] bytes = converters.assertSameBytes(value);
            converters.assertSameData(bytes);
        }
    }

    @Property
    void damagedMessagesAreReadOrRefusedAlike(
            @ForAll("withSchema") List<SchemaAndValue> data,
            @ForAll("configs") Map<String, String> config,
            @ForAll("fractions") double cut,
            @ForAll("suffixes") String suffix) {
        Converters converters = Converters.of(config);
        for (SchemaAndValue value : data) {
            byte[] whole = converters.assertSameBytes(value);
            Assume.that(whole != null);
            byte[] head = Arrays.copyOf(whole, (int) (whole.length * cut));
            converters.assertSameData(whole);
            converters.assertSameData(
                    (new String(head, StandardCharsets.UTF_8) + suffix).getBytes(StandardCharsets.UTF_8));
            converters.assertSameData(
                    (new String(whole, StandardCharsets.UTF_8) + suffix).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Property
    void anyJsonIsReadAlike(@ForAll("json") String json) {
        Converters.of(Map.of("schemas.enable", "false")).assertSameData(json.getBytes(StandardCharsets.UTF_8));
    }

    @Property
    void envelopesOfAnyFormAreReadAlike(
            @ForAll("envelopes") List<String> envelopes, @ForAll("nulls") String replaceNulls) {
        Converters converters =
                Converters.of(Map.of("schemas.enable", "true", "replace.null.with.default", replaceNulls));
        envelopes.forEach(envelope -> converters.assertSameData(envelope.getBytes(StandardCharsets.UTF_8)));
    }

    @Property
    void aFixedSchemaIsAppliedAlike(@ForAll("schemas") String schema, @ForAll("payloads") String payload) {
        Converters.of(Map.of("schemas.enable", "true", "schema.content", schema))
                .assertSameData(payload.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<List<SchemaAndValue>> withSchema() {
        return AnyData.withSchema().list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<SchemaAndValue>> schemaless() {
        return AnyData.schemaless().list().ofMinSize(1).ofMaxSize(3);
    }

    @Provide
    Arbitrary<Map<String, String>> configs() {
        return Combinators.combine(Arbitraries.of("true", "false"), Arbitraries.of("BASE64", "numeric"), nulls())
                .as((schemas, decimals, nulls) -> Map.of(
                        "schemas.enable", schemas, "decimal.format", decimals, "replace.null.with.default", nulls));
    }

    @Provide
    Arbitrary<String> nulls() {
        return Arbitraries.of("true", "false");
    }

    @Provide
    Arbitrary<Double> fractions() {
        return Arbitraries.doubles().between(0, 1);
    }

    @Provide
    Arbitrary<String> suffixes() {
        return Arbitraries.of("", " ", "}", "]", "\"", " x", ",", "{", "}}");
    }

    @Provide
    Arbitrary<String> json() {
        Arbitrary<String> leaf = Arbitraries.of(
                "0",
                "-0",
                "-0.0",
                "007",
                "1.50",
                "1e400",
                "-1E-400",
                "123456789012345678901234567890",
                "9223372036854775808",
                "0.1",
                "1.7976931348623157e308",
                "4.9e-324",
                "123456.789e3",
                "true",
                "false",
                "null",
                "\"\"",
                "\"a\\u00e7\"",
                "NaN",
                "'single'",
                "\"unclosed",
                "tru",
                "",
                " ",
                "\"\\ud83d\\ude00\"",
                "+1",
                ".5",
                "1.");
        return Arbitraries.recursive(() -> leaf, JsonSameAsApacheProperties::nested, 0, 3);
    }

    private static Arbitrary<String> nested(Arbitrary<String> inner) {
        Arbitrary<String> name = Arbitraries.of("\"a\"", "\"b\"", "\"\"", "\"a\\n\"", "a");
        Arbitrary<String> member = Combinators.combine(name, inner).as((key, value) -> key + ": " + value);
        return Arbitraries.frequencyOf(
                Tuple.of(3, inner),
                Tuple.of(2, inner.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]")),
                Tuple.of(4, member.list().ofMaxSize(3).map(list -> " {" + String.join(" ,", list) + "}")));
    }

    @Provide
    Arbitrary<String> schemas() {
        return Arbitraries.of(
                "{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"id\"},"
                        + "{\"type\":\"string\",\"optional\":true,\"default\":\"d\",\"field\":\"name\"}]}",
                "{ \"type\" : \"map\", \"keys\":{\"type\":\"string\"}, \"values\":{\"type\":\"int32\",\"optional\":true}, \"optional\":true}",
                "{\"type\":\"array\",\"items\":{\"type\":\"int32\"},\"optional\":true,\"version\":3,\"doc\":\"d\"}",
                "{\"type\":\"int32\",\"optional\":true,\"default\":5,\"unknown\":[1,2]}",
                "{\"type\":\"map\",\"keys\":{\"type\":\"int32\"},\"values\":{\"type\":\"string\"}}");
    }

    private static Arbitrary<String> oddSchemas() {
        return Arbitraries.of(
                "{\"type\":\"nothing\"}",
                "{}",
                "null",
                "{\"type\":\"array\"}",
                "{\"type\":\"struct\"}",
                "{\"type\":\"int32\",\"default\":null}",
                "{\"type\":\"int32\",\"parameters\":{\"a\":1}}",
                "{\"type\":\"int32\",\"optional\":\"true\",\"name\":1,\"version\":\"x\"}",
                "{\"type\":\"map\",\"keys\":{\"type\":\"int8\"}}",
                "{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\"}]}");
    }

    /** Values that fit one of {@link #schemas} or are of a form that both refuse. */
    @Provide
    Arbitrary<String> payloads() {
        return Arbitraries.of(
                "{\"id\":1,\"name\":\"n\"}", "{\"name\":null,\"id\":7,\"more\":{\"x\":[1]}}", "{\"id\":1}", "null");
    }

    @Provide
    Arbitrary<List<String>> envelopes() {
        Arbitrary<String> schema = Arbitraries.frequencyOf(Tuple.of(6, schemas()), Tuple.of(1, oddSchemas()));
        Arbitrary<String> form = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just("{\"schema\":S,\"payload\":P}")),
                Tuple.of(
                        3,
                        Arbitraries.of(
                                "{\"payload\":P,\"schema\":S}",
                                " { \"schema\" : S , \"payload\" : P } ",
                                "{\"schema\":S}",
                                "{\"payload\":P}",
                                "{\"schema\":S,\"payload\":P,\"more\":1}",
                                "[S,P]",
                                "P",
                                "{\"schema\":S,\"payload\":P} x",
                                "{\"schema\":S,\"payload\":P}}",
                                "{\"schema\":S,\"payload\":P",
                                "{\"schema\":S,\"payload\":}",
                                "{}",
                                "")));
        return Combinators.combine(form, schema, payloads())
                .as((text, s, p) -> text.replace("S", s).replace("P", p))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }
}
