/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.connect.errors.ConnectException;

/** Which topic goes to which table; two topics go to one table only where the options say so. */
final class TableNames {

    static final String TOPIC = "${topic}";
    private static final Pattern ODD = Pattern.compile("[^A-Za-z0-9_]");

    private final SinkOptions options;
    private final Map<String, String> mapped;
    private final Identifiers identifiers;
    private final Map<String, TableId> byTopic = new HashMap<>();
    /** By the table as the server tells it from others. */
    private final Map<String, String> made = new HashMap<>();

    TableNames(SinkOptions options, Identifiers identifiers) {
        this.options = options;
        this.mapped = options.tablesOfTopics();
        this.identifiers = identifiers;
    }

    /**
     * The table of a topic's records.
     *
     * @throws ConnectException if the topic makes no name of a table, or that of another topic's
     */
    TableId of(String topic) {
        TableId known = byTopic.get(topic);
        if (known == null) {
            known = find(topic);
            byTopic.put(topic, known);
        }
        return known;
    }

    private TableId find(String topic) {
        String named = mapped.get(topic);
        if (named != null) {
            return checked(named, topic);
        }
        String part = options.normalizeTableNames() ? ODD.matcher(topic).replaceAll("_") : topic;
        TableId table = checked(options.tableNameFormat().replace(TOPIC, part), topic);
        String other = options.tableNameFormat().contains(TOPIC) ? made.putIfAbsent(told(table), topic) : null;
        if (other != null) {
            throw new ConnectException("the topics " + other + " and " + topic + " would both go to the table " + table
                    + "; say so in topics.to.tables.mapping, or give each a table of its own there");
        }
        return table;
    }

    private String told(TableId table) {
        String name = table.fullyQualified();
        return identifiers.names().tablesIgnoreCase() ? name.toLowerCase(Locale.ROOT) : name;
    }

    private TableId checked(String name, String topic) {
        TableId table = identifiers.table(name);
        try {
            String unused = identifiers.sql(table);
        } catch (ConnectException e) {
            throw new ConnectException(
                    "topic " + topic + " has no table: " + e.getMessage()
                            + ", by table.name.format or topics.to.tables.mapping",
                    e);
        }
        return table;
    }
}
