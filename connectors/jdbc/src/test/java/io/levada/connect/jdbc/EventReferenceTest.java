/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SourceHarness;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The page of events says what really comes: its statements are run, and its records and types compared with those that come of it.
 * {@code -Dlevada.docs.update=true} writes them anew instead.
 */
final class EventReferenceTest {

    private static final Path PAGE = Path.of("../../docs/connectors/postgres-cdc-events.md");

    private static final Pattern EVENTS = Pattern.compile(
            "<!-- events( of the rows)? -->\n```sql\n(.*?)```\n((?:\n```json\n.*?```\n)*)", Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("^\\| `([^`]+)` \\| `([^`]+)` \\|.*\\|$", Pattern.MULTILINE);

    /** What differs from run to run, and what stands for it; times are in three units. */
    private static final Map<String, Object> FIXED = Map.of(
            "ts_ms", 1_767_225_600_123L,
            "ts_us", 1_767_225_600_123_456L,
            "ts_ns", 1_767_225_600_123_456_000L,
            "lsn", 25_000_104L,
            "txId", 751L,
            "sequence", "[\"25000000\",\"25000104\"]",
            "version", "0.1.0",
            "db", "shop");

    private final CdcFixture cdc;
    private String page;

    EventReferenceTest() throws Exception {
        this.cdc = new CdcFixture();
        this.page = Files.readString(PAGE);
    }

    @BeforeEach
    void configure() {
        cdc.config.put("topic.prefix", "shop");
        cdc.config.put("skipped.operations", "none");
    }

    @Test
    void eachStatementMakesTheRecordsThatThePageShows() throws Exception {
        cdc.postgres.execute(
                "CREATE TABLE orders (id int PRIMARY KEY, item text NOT NULL, price numeric(8,2), note text)");
        List<MatchResult> samples = EVENTS.matcher(page).results().toList();
        assertThat(samples).hasSizeGreaterThan(7);
        cdc.postgres.execute(samples.get(0).group(2));

        StringBuilder made = new StringBuilder();
        try (SourceHarness source = cdc.start()) {
            int done = 0;
            for (MatchResult sample : samples) {
                boolean rows = sample.group(1) != null;
                if (!rows) {
                    cdc.postgres.execute(sample.group(2).split("(?<=;)\n"));
                }
                made.append(page, done, sample.start(3));
                for (SourceRecord record : rows ? source.poll(2, CdcFixture.PATIENCE) : cdc.untilMark(source)) {
                    made.append("\n```json\n").append(shown(record)).append("\n```\n");
                }
                done = sample.end();
            }
            made.append(page.substring(done));
        }
        compare(made.toString());
    }

    @Test
    void eachTypeIsToldAsThePageShows() throws Exception {
        List<MatchResult> types = TYPE.matcher(page).results().toList();
        assertThat(types).hasSizeGreaterThan(30);
        StringJoiner columns = new StringJoiner(", ");
        StringJoiner literals = new StringJoiner(", ");
        for (int i = 0; i < types.size(); i++) {
            columns.add("c" + i + " " + types.get(i).group(1) + " NOT NULL");
            literals.add(types.get(i).group(2));
        }
        cdc.postgres.execute(
                "CREATE TABLE t (id int PRIMARY KEY, " + columns + ")", "INSERT INTO t VALUES (1, " + literals + ")");
        Struct row;
        try (SourceHarness source = cdc.start()) {
            row = ((Struct) source.poll(1, CdcFixture.PATIENCE).get(0).value()).getStruct("after");
        }
        Map<String, String> lines = new LinkedHashMap<>();
        for (int i = 0; i < types.size(); i++) {
            Schema schema = row.schema().field("c" + i).schema();
            lines.put(
                    types.get(i).group(),
                    "| `%s` | `%s` | %s | `%s` |"
                            .formatted(
                                    types.get(i).group(1),
                                    types.get(i).group(2),
                                    schema(schema),
                                    json(schema, row.get("c" + i))));
        }
        compare(TYPE.matcher(page).replaceAll(line -> Matcher.quoteReplacement(lines.get(line.group()))));
    }

    private void compare(String made) throws IOException {
        if (Boolean.getBoolean("levada.docs.update")) {
            Files.writeString(PAGE, made);
        } else {
            assertThat(made)
                    .as("run ./mvnw verify -pl connectors/jdbc -am -Dtest=EventReferenceTest -Dlevada.docs.update=true")
                    .isEqualTo(page);
        }
    }

    private static String schema(Schema schema) {
        String type = schema.type() == Schema.Type.ARRAY
                ? "ARRAY of " + schema(schema.valueSchema())
                : schema.type().toString();
        return schema.name() == null ? type : "`" + schema.name() + "`, " + type;
    }

    private static String shown(SourceRecord record) {
        List<String> lines = new ArrayList<>();
        lines.add("  \"topic\": \"" + record.topic() + "\"");
        if (!record.headers().isEmpty()) {
            StringJoiner headers = new StringJoiner(", ", "{", "}");
            record.headers()
                    .forEach(
                            header -> headers.add(quoted(header.key()) + ": " + json(header.schema(), header.value())));
            lines.add("  \"headers\": " + headers);
        }
        lines.add("  \"key\": " + json(record.keySchema(), record.key()));
        if (record.value() instanceof Struct value) {
            StringJoiner fields = new StringJoiner(",\n    ", "{\n    ", "\n  }");
            value.schema().fields().forEach(field -> fields.add(named(field.name(), field.schema(), value.get(field))));
            lines.add("  \"value\": " + fields);
        } else {
            lines.add("  \"value\": null");
        }
        return "{\n" + String.join(",\n", lines) + "\n}";
    }

    private static String named(String name, @Nullable Schema schema, @Nullable Object value) {
        return quoted(name) + ": " + json(schema, value == null ? null : FIXED.getOrDefault(name, value));
    }

    private static String json(@Nullable Schema schema, @Nullable Object value) {
        if (value instanceof Struct struct) {
            StringJoiner fields = new StringJoiner(", ", "{", "}");
            struct.schema()
                    .fields()
                    .forEach(field -> fields.add(named(field.name(), field.schema(), struct.get(field))));
            return fields.toString();
        }
        if (value instanceof List<?> list) {
            StringJoiner items = new StringJoiner(", ", "[", "]");
            list.forEach(item -> items.add(json(schema == null ? null : schema.valueSchema(), item)));
            return items.toString();
        }
        if (value instanceof BigDecimal decimal) {
            return quoted(
                    Base64.getEncoder().encodeToString(decimal.unscaledValue().toByteArray()));
        }
        if (value instanceof byte[] bytes) {
            return quoted(Base64.getEncoder().encodeToString(bytes));
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] content = new byte[bytes.remaining()];
            bytes.duplicate().get(content);
            return json(schema, content);
        }
        return value instanceof String text ? quoted(text) : String.valueOf(value);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
