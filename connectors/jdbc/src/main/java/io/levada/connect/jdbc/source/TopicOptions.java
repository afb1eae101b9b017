/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/** Where records go, and what their keys are. */
public record TopicOptions(
        @Option(
                name = "topic.prefix",
                doc = "Put before a table's name to make its topic; the whole topic of a query.",
                importance = Importance.HIGH,
                group = "Topics")
        String prefix,

        @Option(
                name = "topic.name.format",
                doc =
                        "How a table's topic is named: ${topic.prefix}, ${database}, ${schema} and ${table} stand for what they say."
                                + " With ${schema} in it tables of the same name in several schemas have topics of their own.",
                defaultValue = TopicOptions.DEFAULT_FORMAT,
                importance = Importance.LOW,
                group = "Topics")
        String format,

        @Option(
                name = "record.key",
                doc =
                        "What records have as keys. none; primary_key: a struct of the columns of the table's primary key, nothing"
                                + " for a table without one; columns: a struct of the columns in record.key.columns.",
                defaultValue = "none",
                importance = Importance.LOW,
                group = "Topics")
        KeySource key,

        @Option(
                name = "record.key.columns",
                doc =
                        "The columns of records' keys, when record.key is columns; every table or the query must have them.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Topics")
        List<String> keyColumns) {

    static final String DEFAULT_FORMAT = "${topic.prefix}${table}";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

    public TopicOptions {
        keyColumns = List.copyOf(keyColumns);
        Matcher matcher = PLACEHOLDER.matcher(format);
        while (matcher.find()) {
            if (!parts(null, "").containsKey(matcher.group(1))) {
                throw new OptionException(
                        "topic.name.format",
                        format,
                        "must have no other placeholders than ${topic.prefix}, ${database}, ${schema} and ${table}");
            }
        }
        if (!format.contains("${table}")) {
            throw new OptionException(
                    "topic.name.format", format, "must have ${table} in it, or all tables would go to one topic");
        }
        if ((key == KeySource.COLUMNS) == keyColumns.isEmpty()) {
            throw new OptionException(
                    "record.key.columns", keyColumns, "must name columns if record.key is columns, and only then");
        }
    }

    private static Map<String, String> parts(@Nullable TableId table, String prefix) {
        return Map.of(
                "topic.prefix",
                prefix,
                "database",
                table == null || table.catalog() == null ? "" : table.catalog(),
                "schema",
                table == null || table.schema() == null ? "" : table.schema(),
                "table",
                table == null ? "" : table.name());
    }

    /** True if two tables of one name would have one topic, which is refused. */
    boolean tellsByName() {
        return !format.contains("${schema}") && !format.contains("${database}");
    }

    /** The option by which columns are in keys. */
    String keyOption() {
        return key == KeySource.COLUMNS ? "record.key.columns" : "record.key";
    }

    /** The topic of a table. */
    public String of(TableId table) {
        Map<String, String> parts = parts(table, prefix);
        return PLACEHOLDER
                .matcher(format)
                .replaceAll(found -> Matcher.quoteReplacement(parts.getOrDefault(found.group(1), "")));
    }
}
