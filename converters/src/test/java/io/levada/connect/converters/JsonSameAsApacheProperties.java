/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
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
            if (whole != null) {
                String text = new String(whole, StandardCharsets.UTF_8);
                converters.assertSameData(whole);
                converters.assertSameData(utf8(text.substring(0, (int) (text.length() * cut)) + suffix));
                converters.assertSameData(utf8(text + suffix));
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Property
    void anyJsonIsReadAlike(@ForAll("json") String json) {
        Converters.of(Map.of("schemas.enable", "false")).assertSameData(utf8(json));
    }

    @Property
    void envelopesOfAnyFormAreReadAlike(
            @ForAll("envelopes") List<String> envelopes, @ForAll("nulls") String replaceNulls) {
        Converters converters =
                Converters.of(Map.of("schemas.enable", "true", "replace.null.with.default", replaceNulls));
        envelopes.forEach(envelope -> converters.assertSameData(utf8(envelope)));
    }

    @Property
    void aFixedSchemaIsAppliedAlike(@ForAll("fitting") Message message, @ForAll("nulls") String replaceNulls) {
        Converters.of(Map.of(
                        "schemas.enable",
                        "true",
                        "schema.content",
                        message.schema,
                        "replace.null.with.default",
                        replaceNulls))
                .assertSameData(utf8(message.payload));
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

    /** Schemas with payloads that fit, or that both refuse. */
    @Provide
    Arbitrary<Message> fitting() {
        return Arbitraries.oneOf(
                messages(
                        "{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\",\"field\":\"id\"},"
                                + "{\"type\":\"string\",\"optional\":true,\"default\":\"d\",\"field\":\"name\"}]}",
                        "{\"id\":1,\"name\":\"n\"}",
                        "{\"name\":null,\"id\":7,\"more\":{\"x\":[1]}}",
                        "{\"id\":1,\"id\":2}",
                        "{\"name\":\"n\"}",
                        "null",
                        "[]",
                        "1"),
                messages(
                        "{ \"type\" : \"map\", \"keys\":{\"type\":\"string\"}, \"values\":{\"type\":\"int32\",\"optional\":true},"
                                + " \"optional\":true}",
                        "{\"a\":1,\"b\":null}",
                        "{}",
                        "null",
                        "[]"),
                messages(
                        "{\"type\":\"array\",\"items\":{\"type\":\"double\"},\"optional\":true,\"version\":3,\"doc\":\"d\"}",
                        "[]",
                        "[1, 2.5, -0.0, 1e400, 123456789012345678901234567890]",
                        "null",
                        "[null]"),
                messages(
                        "{\"type\":\"int32\",\"optional\":true,\"default\":5,\"unknown\":[1,2]}",
                        "7",
                        "null",
                        "-2147483648"),
                messages(
                        "{\"type\":\"map\",\"keys\":{\"type\":\"int32\"},\"values\":{\"type\":\"string\"}}",
                        "[[1,\"a\"],[2,\"b\"]]",
                        "[]",
                        "[[1]]",
                        "[[1,\"a\",2]]",
                        "[[]]",
                        "[7]",
                        "{}",
                        "[[null,\"a\"]]"));
    }

    private static Arbitrary<Message> messages(String schema, String... payloads) {
        return Arbitraries.of(payloads).map(payload -> new Message(schema, payload));
    }

    private static Arbitrary<Message> oddMessages() {
        return Arbitraries.of(
                        "{\"type\":\"nothing\"}",
                        "{}",
                        "null",
                        "{\"type\":\"array\"}",
                        "{\"type\":\"struct\"}",
                        "7",
                        "[1]",
                        "{\"type\":\"int32\",\"default\":null}",
                        "{\"type\":\"int32\",\"parameters\":{\"a\":1}}",
                        "{\"type\":\"int32\",\"optional\":\"true\",\"name\":1,\"version\":\"x\",\"parameters\":{\"a\":\"b\"}}",
                        "{\"type\":\"map\",\"keys\":{\"type\":\"int8\"}}",
                        "{\"type\":\"struct\",\"fields\":[{\"type\":\"int32\"}]}")
                .map(schema -> new Message(schema, "7"));
    }

    @Provide
    Arbitrary<List<String>> envelopes() {
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
                                "{\"schema\":S,\"payload\":P}\n",
                                "{\"schema\":S,\"payload\":P}}",
                                "{\"schema\":S,\"payload\":P",
                                "{\"schema\":S,\"payload\":}",
                                "{\"schema\":S,\"payload\":P,\"payload\":P}",
                                "{}",
                                "")));
        Arbitrary<Message> message = Arbitraries.frequencyOf(Tuple.of(6, fitting()), Tuple.of(1, oddMessages()));
        return Combinators.combine(form, message)
                .as((text, parts) -> text.replace("S", parts.schema).replace("P", parts.payload))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5);
    }

    record Message(String schema, String payload) {}
}
