/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Catalogue;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the tables that the options mean. */
public final class TableSelection {

    private static final Logger LOGGER = LoggerFactory.getLogger(TableSelection.class);

    private final TableOptions options;
    private final Dialect dialect;
    private final Identifiers identifiers;
    private final List<Pattern> includes;
    private final List<Pattern> excludes;

    public TableSelection(TableOptions options, Dialect dialect) {
        this.options = options;
        this.dialect = dialect;
        this.identifiers = dialect.identifiers(options.quoting());
        this.includes = options.includeList().stream().map(Pattern::compile).collect(Collectors.toUnmodifiableList());
        this.excludes = options.excludeList().stream().map(Pattern::compile).collect(Collectors.toUnmodifiableList());
    }

    /** The selected tables that exist now, in the order of their names. */
    public Set<TableId> find(Connection connection) throws SQLException {
        return selected(visible(connection));
    }

    /** All tables of the kinds and schemas that the options mean, in the order of their names. */
    Set<TableId> visible(Connection connection) throws SQLException {
        Map<String, TableId> found = new TreeMap<>();
        for (Catalogue.Found each :
                dialect.tables(connection, options.catalogPattern(), options.schemaPattern(), options.types())) {
            found.put(each.table().fullyQualified(), each.table());
        }
        return new LinkedHashSet<>(found.values());
    }

    /** Those of the tables that are selected, in their order. */
    Set<TableId> selected(Set<TableId> tables) {
        return tables.stream().filter(this::isSelected).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private boolean isSelected(TableId table) {
        if (!options.whitelist().isEmpty()) {
            return options.whitelist().stream().anyMatch(name -> isCalled(table, name));
        }
        if (options.blacklist().stream().anyMatch(name -> isCalled(table, name))) {
            return false;
        }
        return (includes.isEmpty() || matches(includes, table)) && !matches(excludes, table);
    }

    /** As the user wrote it, or as the server understands that: folded where it is without quotes, and without its quotes. */
    private boolean isCalled(TableId table, String name) {
        return table.isCalled(name) || table.isCalled(understood(name));
    }

    private String understood(String name) {
        try {
            return identifiers.table(name).fullyQualified();
        } catch (ConnectException ignored) { // a name with more dots, which no server understands without quotes
            return name;
        }
    }

    private static boolean matches(List<Pattern> patterns, TableId table) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.matcher(table.qualified()).matches()
                        || pattern.matcher(table.fullyQualified()).matches());
    }

    /** Names of the whitelist that no table has. */
    public List<String> missing(Set<TableId> found) {
        List<String> missing = new ArrayList<>(options.whitelist());
        missing.removeIf(name -> found.stream().anyMatch(table -> isCalled(table, name)));
        return missing;
    }

    /**
     * Checks that no two tables would share a topic.
     *
     * @throws ConnectException that names both
     */
    public static void refuseSameTopic(Set<TableId> tables, TopicOptions topics) {
        Map<String, TableId> byTopic = new TreeMap<>();
        for (TableId table : tables) {
            TableId other = byTopic.put(topics.of(table), table);
            if (other != null) {
                throw new ConnectException("the tables " + other + " and " + table + " would both go to the topic of "
                        + table.name() + "; put ${schema} into topic.name.format, or choose one with schema.pattern,"
                        + " table.whitelist=" + table + " or table.exclude.list");
            }
        }
    }

    /** Those found of which each has a topic of its own: of several with the same one, that which is being read, or the first. */
    public static Set<TableId> oneForEachTopic(Set<TableId> found, Set<TableId> read, TopicOptions topics) {
        Map<String, TableId> byTopic = new HashMap<>();
        read.stream().filter(found::contains).forEach(table -> byTopic.put(topics.of(table), table));
        found.forEach(table -> {
            TableId other = byTopic.putIfAbsent(topics.of(table), table);
            if (other != null && !other.equals(table)) {
                LOGGER.atWarn()
                        .addKeyValue("table", table)
                        .addKeyValue("other", other)
                        .log(
                                "a new table is not read, since it would go to the topic of another; see topic.name.format");
            }
        });
        Set<TableId> one = new LinkedHashSet<>(found);
        one.retainAll(byTopic.values());
        return one;
    }
}
