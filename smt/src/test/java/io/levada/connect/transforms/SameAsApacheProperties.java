/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.HashMap;
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
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;

/** Every transform gives what Apache's of the same name gives, for any record and configuration. */
@PropertyDefaults(tries = 1500, edgeCases = EdgeCasesMode.NONE)
final class SameAsApacheProperties {

    @Property
    void insertField(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("insertions") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("InsertField" + part, config, record);
    }

    @Property
    void replaceField(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("replacements") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("ReplaceField" + part, config, record);
    }

    @Property
    void maskField(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("masks") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("MaskField" + part, config, record);
    }

    @Property
    void extractField(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("extractions") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("ExtractField" + part, config, record);
    }

    @Property
    void valueToKey(@ForAll("records") ConnectRecord<?> record, @ForAll("fieldLists") Map<String, String> config) {
        Twins.assertAgree("ValueToKey", config, record);
    }

    @Property
    void cast(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("casts") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("Cast" + part, config, record);
    }

    @Property
    void hoistField(
            @ForAll("records") ConnectRecord<?> record, @ForAll("names") String field, @ForAll("parts") String part) {
        Twins.assertAgree("HoistField" + part, Map.of("field", field), record);
    }

    @Property
    void flatten(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("delimiters") String delimiter,
            @ForAll("parts") String part) {
        Twins.assertAgree("Flatten" + part, Map.of("delimiter", delimiter), record);
    }

    @Property
    void timestampConverter(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("conversions") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("TimestampConverter" + part, config, record);
    }

    @Property
    void timestampRouter(@ForAll("records") ConnectRecord<?> record, @ForAll("topicFormats") String format) {
        Twins.assertAgree(
                "TimestampRouter", Map.of("topic.format", format, "timestamp.format", "yyyy-MM-dd'T'HH"), record);
    }

    @Property
    void setSchemaMetadata(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("metadata") Map<String, String> config,
            @ForAll("parts") String part) {
        Schema schema = part.equals("$Key") ? record.keySchema() : record.valueSchema();
        // Apache's fails for any other schema, although it has code for arrays and maps; ours renames those too.
        Assume.that(schema == null || schema.type() == Schema.Type.STRUCT);
        Twins.assertAgree("SetSchemaMetadata" + part, config, record);
    }

    @Property
    void headerFrom(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("headerings") Map<String, String> config,
            @ForAll("parts") String part) {
        Twins.assertAgree("HeaderFrom" + part, config, record);
    }

    @Property
    void dropHeaders(@ForAll("records") ConnectRecord<?> record, @ForAll("names") String header) {
        Twins.assertAgree("DropHeaders", Map.of("headers", header), record);
    }

    @Property
    void insertHeader(@ForAll("records") ConnectRecord<?> record, @ForAll("literals") String literal) {
        Twins.assertAgree("InsertHeader", Map.of("header", "h", "value.literal", literal), record);
    }

    @Property
    void regexRouter(
            @ForAll("records") ConnectRecord<?> record,
            @ForAll("regexes") String regex,
            @ForAll("regexReplacements") String replacement) {
        Twins.assertAgree("RegexRouter", Map.of("regex", regex, "replacement", replacement), record);
    }

    @Property
    void filter(@ForAll("records") ConnectRecord<?> record) {
        Twins.assertAgree("Filter", Map.of(), record);
    }

    @Provide
    Arbitrary<ConnectRecord<?>> records() {
        return AnyRecord.record();
    }

    @Provide
    Arbitrary<String> parts() {
        return Arbitraries.of("$Key", "$Value");
    }

    @Provide
    Arbitrary<String> names() {
        return AnyRecord.field();
    }

    @Provide
    Arbitrary<Map<String, String>> insertions() {
        Arbitrary<String> key = Arbitraries.of(
                "topic.field", "partition.field", "offset.field", "timestamp.field", "static.field", "static.value");
        Arbitrary<String> value = Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(5, Arbitraries.of("n", "o", "p")), Tuple.of(1, AnyRecord.field())),
                        Arbitraries.of("", "!", "?"))
                .as(String::concat);
        return withNulls(Arbitraries.maps(key, value).ofMaxSize(5));
    }

    @Provide
    Arbitrary<Map<String, String>> replacements() {
        Arbitrary<String> pair = Combinators.combine(
                        AnyRecord.field(), Arbitraries.of(":n", ":o", ":a", "", ":a:b", ":"))
                .as(String::concat);
        Arbitrary<String> renames = Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Combinators.combine(AnyRecord.field(), Arbitraries.of(":n", ":o"))
                                .as(String::concat)),
                Tuple.of(1, pair));
        return withNulls(Combinators.combine(list(AnyRecord.field(), 2), list(AnyRecord.field(), 4), list(renames, 2))
                .as((exclude, include, rename) -> Map.of("exclude", exclude, "include", include, "renames", rename)));
    }

    @Provide
    Arbitrary<Map<String, String>> masks() {
        Arbitrary<String> replacement =
                Arbitraries.of("", "12", "x", "1.5", "300").injectNull(0.5);
        return withNulls(Combinators.combine(list(AnyRecord.field(), 3), replacement)
                .as((fields, text) -> {
                    Map<String, String> config = new HashMap<>(Map.of("fields", fields));
                    if (text != null) {
                        config.put("replacement", text);
                    }
                    return config;
                }));
    }

    @Provide
    Arbitrary<Map<String, String>> extractions() {
        Arbitrary<String> odd = Arbitraries.strings()
                .withChars('a', 'b', '.', '`', '\\')
                .ofMinLength(1)
                .ofMaxLength(9);
        Arbitrary<String> nested =
                Combinators.combine(AnyRecord.field(), AnyRecord.field()).as((outer, inner) -> outer + "." + inner);
        Arbitrary<String> path = Arbitraries.oneOf(
                AnyRecord.field(), nested, odd, Arbitraries.just("`x.y`"), Arbitraries.just("`x.y`.a"));
        return withNulls(Combinators.combine(path, Arbitraries.of("V1", "V2", "v2", "V3"))
                .as((field, syntax) -> Map.of("field", field, "field.syntax.version", syntax)));
    }

    @Provide
    Arbitrary<Map<String, String>> fieldLists() {
        return withNulls(list(AnyRecord.field(), 3).map(fields -> Map.of("fields", fields)));
    }

    @Provide
    Arbitrary<Map<String, String>> casts() {
        Arbitrary<String> type =
                Arbitraries.of("int8", "int16", "INT32", "int64", "float32", "float64", "boolean", "string", " string");
        Arbitrary<String> pair = Combinators.combine(AnyRecord.field(), type).as((field, to) -> field + ":" + to);
        Arbitrary<String> odd =
                Arbitraries.of("bytes", "a:bytes", "a:struct", "a:b:c", "a", ":int8", "a:", "", "a:nothing");
        Arbitrary<String> pairs = list(pair, 3);
        return withNulls(Arbitraries.frequencyOf(
                        Tuple.of(6, pairs),
                        Tuple.of(3, type),
                        Tuple.of(1, odd),
                        Tuple.of(1, Combinators.combine(pair, odd).as((a, b) -> a + "," + b)))
                .map(spec -> Map.of("spec", spec)));
    }

    @Provide
    Arbitrary<String> delimiters() {
        return Arbitraries.of(".", "_", "", "::");
    }

    @Provide
    Arbitrary<Map<String, String>> conversions() {
        return withNulls(Combinators.combine(
                        Arbitraries.of("", "a", "b", "c"),
                        Arbitraries.of("string", "unix", "Date", "Time", "Timestamp", "date"),
                        Arbitraries.of("", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.SSS", "no pattern"),
                        Arbitraries.of("seconds", "milliseconds", "microseconds", "nanoseconds", "days"))
                .as((field, type, format, precision) ->
                        Map.of("field", field, "target.type", type, "format", format, "unix.precision", precision)));
    }

    @Provide
    Arbitrary<String> topicFormats() {
        return Arbitraries.of("${topic}-${timestamp}", "fixed", "${timestamp}/${topic}/$1", "${topic}${topic}");
    }

    @Provide
    Arbitrary<Map<String, String>> metadata() {
        return withNulls(Arbitraries.of(
                Map.of("schema.name", "n"),
                Map.of("schema.version", "7"),
                Map.of("schema.name", "n", "schema.version", "7"),
                Map.of("schema.version", "seven"),
                Map.of()));
    }

    @Provide
    Arbitrary<Map<String, String>> headerings() {
        return withNulls(Combinators.combine(
                        AnyRecord.field().list().ofMaxSize(2),
                        Arbitraries.of("h", "i").list().ofMaxSize(2),
                        Arbitraries.of("move", "copy", "MOVE"))
                .as((fields, headers, operation) -> Map.of(
                        "fields", String.join(",", fields),
                        "headers", String.join(",", sized(headers, fields.size(), fields.size() % 2 == 0 ? 0 : 1)),
                        "operation", operation)));
    }

    /** Mostly one header for each field. */
    private static List<String> sized(List<String> headers, int size, int luck) {
        return luck == 0 && headers.size() != size ? headers : List.of("h", "i").subList(0, Math.min(size, 2));
    }

    @Provide
    Arbitrary<String> literals() {
        return Arbitraries.of("3", "true", "text", "[1,2]", "{\"k\":1}", "2026-01-31T00:00:00.000Z", "", "1.5", "null");
    }

    @Provide
    Arbitrary<String> regexes() {
        return Arbitraries.of("(.*)", "ord(.+)", "order", "(?<name>o.*)s", "[", "");
    }

    @Provide
    Arbitrary<String> regexReplacements() {
        return Arbitraries.of("x-$1", "fixed", "${name}", "$2", "\\$", "");
    }

    private static Arbitrary<String> list(Arbitrary<String> element, int maxSize) {
        return element.list().ofMaxSize(maxSize).map(list -> String.join(",", list));
    }

    private static Arbitrary<Map<String, String>> withNulls(Arbitrary<Map<String, String>> configs) {
        return Combinators.combine(configs, Arbitraries.of("true", "false").injectNull(0.5))
                .as((config, nulls) -> {
                    Map<String, String> result = new HashMap<>(config);
                    if (nulls != null) {
                        result.put("replace.null.with.default", nulls);
                    }
                    return result;
                });
    }
}
