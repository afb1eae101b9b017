/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import io.levada.connect.converters.JsonConverter;
import io.levada.connect.jdbc.TestDatabase.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The page of types says what really becomes of a value on its way from a table into a topic and back: its values are written, read,
 * converted and written again. {@code -Dlevada.docs.update=true} writes the answers anew instead.
 */
final class TypeMatrixTest {

    private static final Path PAGE = Path.of("../../docs/connectors/jdbc-types.md");
    private static final Pattern LINE = Pattern.compile("^\\| `([^`]+)` \\| `([^`]+)` \\|.*\\|$", Pattern.MULTILINE);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SHOWN_CHARACTERS = 60;

    /** A way through a topic; in the order of the page. */
    private enum Way {
        JSON,
        JSON_WITH_SCHEMAS,
        AVRO;

        SchemaAndValue through(SourceRecord record) {
            if (this == AVRO) {
                return AvroBinary.through(record.valueSchema(), record.value());
            }
            JsonConverter converter = converter(this == JSON_WITH_SCHEMAS);
            byte[] bytes = converter.fromConnectData(record.topic(), record.valueSchema(), record.value());
            return converter.toConnectData(record.topic(), bytes);
        }

        static JsonConverter converter(boolean schemas) {
            JsonConverter converter = new JsonConverter();
            converter.configure(Map.of("schemas.enable", String.valueOf(schemas)), false);
            return converter;
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachTypeGoesAndComesBackAsThePageShows(Kind kind) throws Exception {
        String page = Files.readString(PAGE);
        Section section = Section.of(page, kind);
        if (kind == Kind.POSTGRESQL) {
            kind.database()
                    .execute(
                            "CREATE EXTENSION hstore",
                            "CREATE TYPE mood AS ENUM ('happy', 'sad')",
                            "CREATE TYPE pair AS (a int, b text)",
                            "CREATE DOMAIN few AS int CHECK (VALUE < 10)",
                            "CREATE DOMAIN tags AS text[]");
        }
        Map<String, String> lines = new Matrix(kind.database(), section.lines()).answers();

        StringBuilder made = new StringBuilder(page.substring(0, section.start()));
        Matcher line = LINE.matcher(page).region(section.start(), section.end());
        int done = section.start();
        while (line.find()) {
            made.append(page, done, line.start()).append(lines.getOrDefault(line.group(), "no answer"));
            done = line.end();
        }
        made.append(page.substring(done));
        if (Boolean.getBoolean("levada.docs.update")) {
            Files.writeString(PAGE, made);
        } else {
            assertThat(page).isEqualTo(made.toString());
        }
    }

    /** The part of the page about one kind of database. */
    private record Section(String page, int start, int end) {

        static Section of(String page, Kind kind) {
            int start = page.indexOf("<!-- types of " + kind + " -->");
            assertThat(start).as(kind.name()).isNotNegative();
            return new Section(page, start, page.indexOf("<!-- end -->", start));
        }

        List<MatchResult> lines() {
            return LINE.matcher(page).region(start, end).results().collect(Collectors.toUnmodifiableList());
        }
    }

    /** Each type has two tables of its own, so that one value in the way keeps no other back. */
    private static final class Matrix {

        private final TestDatabase database;
        private final Map<String, MatchResult> lines = new LinkedHashMap<>();

        Matrix(TestDatabase database, List<MatchResult> lines) {
            this.database = database;
            lines.forEach(line -> this.lines.put(database.newTable(), line));
        }

        Map<String, String> answers() throws Exception {
            for (var each : lines.entrySet()) {
                String type = each.getValue().group(1);
                database.execute(
                        create(each.getKey(), type),
                        "INSERT INTO " + database.sql(each.getKey()) + " VALUES ("
                                + each.getValue().group(2) + ")");
                for (Way way : Way.values()) {
                    database.execute(create(copy(each.getKey(), way), type));
                }
            }
            List<SourceRecord> read = read();
            Map<String, List<String>> written = new HashMap<>();
            for (Way way : Way.values()) {
                write(read, way, written);
            }
            Map<String, String> answers = new HashMap<>();
            for (SourceRecord record : read) {
                MatchResult line = lines.get(record.topic());
                assertThat(line).isNotNull();
                answers.put(line.group(), line(line, record, written.getOrDefault(record.topic(), List.of())));
            }
            return answers;
        }

        private String create(String table, String type) {
            return "CREATE TABLE " + database.sql(table) + " (" + database.sql("v") + " " + type + ")";
        }

        private static String copy(String table, Way way) {
            return way.name().toLowerCase(Locale.ROOT) + "_" + table;
        }

        private List<SourceRecord> read() throws Exception {
            Map<String, String> config = database.config(
                    "mode", "bulk", "topic.prefix", "", "table.whitelist", String.join(",", lines.keySet()));
            config.put("poll.interval.ms", "3600000");
            config.put("on.unreadable.value", "null"); // Else the first that is refused would keep the others back.
            try (SourceHarness source = SourceHarness.start(new JdbcSourceConnector(), config, new MemoryOffsets())) {
                return source.poll(lines.size(), PATIENCE);
            }
        }

        /** Adds what comes back, by the topic of each. */
        private void write(List<SourceRecord> read, Way way, Map<String, List<String>> written) throws Exception {
            Map<String, String> config = database.config(
                    "topics", String.join(",", lines.keySet()), "table.name.format", copy("${topic}", way));
            TopicPartition[] partitions = lines.keySet().stream()
                    .map(topic -> new TopicPartition(topic, 0))
                    .toArray(TopicPartition[]::new);
            try (SinkHarness sink = SinkHarness.start(new JdbcSinkConnector(), config, partitions)) {
                for (SourceRecord record : read) {
                    SchemaAndValue value = way.through(record);
                    int refused = sink.requests().errant().size();
                    sink.put(new SinkRecord(record.topic(), 0, null, null, value.schema(), value.value(), 0));
                    written.computeIfAbsent(record.topic(), topic -> new ArrayList<>())
                            .add(sink.requests().errant().size() > refused ? "refused" : compared(record.topic(), way));
                }
            }
        }

        private String compared(String table, Way way) throws Exception {
            String query = "SELECT " + database.sql("v") + " FROM ";
            List<String> original = database.rows(query + database.sql(table));
            List<String> copy = database.rows(query + database.sql(copy(table, way)));
            return copy.equals(original) ? "equal" : "differs: `" + shown(String.join(" ", copy)) + "`";
        }

        private String line(MatchResult line, SourceRecord record, List<String> written) {
            Schema schema = record.valueSchema().field("v").schema();
            String json = new String(
                    Way.converter(false).fromConnectData(record.topic(), record.valueSchema(), record.value()),
                    StandardCharsets.UTF_8);
            boolean refused = ((Struct) record.value()).get("v") == null;
            return "| `" + line.group(1) + "` | `" + line.group(2) + "` | " + named(schema) + " | "
                    + (refused
                            ? "refused | | |"
                            : "`" + shown(json.substring("{\"v\":".length(), json.length() - 1)) + "` | "
                                    + String.join(" | ", written))
                    + " | "
                    + database.dialect().columnType(schema, false).orElse("none") + " |";
        }

        private static String named(Schema schema) {
            if (schema.type() == Schema.Type.ARRAY) {
                return "array of " + named(schema.valueSchema());
            }
            String name = schema.name() == null
                    ? schema.type().getName()
                    : schema.name().substring(schema.name().lastIndexOf('.') + 1);
            return schema.parameters() == null || schema.parameters().get("scale") == null
                    ? name
                    : name + ", scale " + schema.parameters().get("scale");
        }

        private static String shown(String text) {
            String line = text.replace("|", "\\|");
            return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS) + "...";
        }
    }
}
