/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Catalogue;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** Finds the tables that the options mean. */
public final class TableSelection {

    private final TableOptions options;
    private final Dialect dialect;
    private final List<Pattern> includes;
    private final List<Pattern> excludes;

    public TableSelection(TableOptions options, Dialect dialect) {
        this.options = options;
        this.dialect = dialect;
        this.includes = options.includeList().stream().map(Pattern::compile).collect(Collectors.toUnmodifiableList());
        this.excludes = options.excludeList().stream().map(Pattern::compile).collect(Collectors.toUnmodifiableList());
    }

    /** The selected tables that exist now, in the order of their names. */
    public Set<TableId> find(Connection connection) throws SQLException {
        Map<String, TableId> found = new TreeMap<>();
        for (Catalogue.Found each :
                dialect.tables(connection, options.catalogPattern(), options.schemaPattern(), options.types())) {
            if (isSelected(each.table())) {
                found.put(each.table().fullyQualified(), each.table());
            }
        }
        return new LinkedHashSet<>(found.values());
    }

    private boolean isSelected(TableId table) {
        if (!options.whitelist().isEmpty()) {
            return options.whitelist().stream().anyMatch(table::isCalled);
        }
        if (options.blacklist().stream().anyMatch(table::isCalled)) {
            return false;
        }
        return (includes.isEmpty() || matches(includes, table)) && !matches(excludes, table);
    }

    private static boolean matches(List<Pattern> patterns, TableId table) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.matcher(table.qualified()).matches()
                        || pattern.matcher(table.fullyQualified()).matches());
    }

    /** Names of the whitelist that no table has. */
    public List<String> missing(Set<TableId> found) {
        List<String> missing = new ArrayList<>(options.whitelist());
        missing.removeIf(name -> found.stream().anyMatch(table -> table.isCalled(name)));
        return missing;
    }

    /**
     * Checks that no two tables would share a topic.
     *
     * @throws ConnectException that names both
     */
    public static void refuseSameName(Set<TableId> tables) {
        Map<String, TableId> byName = new TreeMap<>();
        for (TableId table : tables) {
            TableId other = byName.put(table.name(), table);
            if (other != null) {
                throw new ConnectException("the tables " + other + " and " + table + " would both go to the topic of "
                        + table.name() + "; choose one with schema.pattern, table.whitelist=" + table
                        + " or table.exclude.list, and read the other with a second connector");
            }
        }
    }
}
