/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import io.levada.connect.api.config.OptionException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of single tables are captured, under keys that end in the table's name: {@code publication.row.filter.SCHEMA.TABLE}, a
 * condition for rows and changes, and Debezium's {@code snapshot.select.statement.overrides.SCHEMA.TABLE}, the statement that reads
 * the rows at first.
 */
public final class RowRules {

    /** What a key of a row filter begins with. */
    public static final String FILTER = "publication.row.filter.";

    /** The key that lists the tables with statements. */
    public static final String SELECTS = "snapshot.select.statement.overrides";

    private final Map<String, String> filters;
    private final Map<String, String> selects;

    private RowRules(Map<String, String> filters, Map<String, String> selects) {
        this.filters = filters;
        this.selects = selects;
    }

    /** Those of the keys that belong to these families: no definition can list them. */
    public static List<String> keys(Set<String> keys) {
        return keys.stream()
                .filter(key -> key.startsWith(FILTER) || key.startsWith(SELECTS + "."))
                .sorted()
                .toList();
    }

    /**
     * Reads the keys of these families from a connector's configuration.
     *
     * @throws OptionException naming the key that is missing, or is of no use
     */
    public static RowRules of(Map<String, String> properties) {
        Map<String, String> filters = new LinkedHashMap<>();
        Map<String, String> selects = new HashMap<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(FILTER)) {
                filters.put(key.substring(FILTER.length()), notBlank(key, value));
            }
        });
        if (!filters.isEmpty() && !"filtered".equalsIgnoreCase(properties.get("publication.autocreate.mode"))) {
            throw new OptionException(
                    FILTER + filters.keySet().iterator().next(),
                    null,
                    "needs publication.autocreate.mode=filtered, in which the connector makes the publication; else make it"
                            + " with CREATE PUBLICATION … FOR TABLE … WHERE (…)");
        }
        for (String each :
                Objects.requireNonNullElse(properties.get(SELECTS), "").split(",")) {
            String table = each.strip();
            if (!table.isEmpty()) {
                String key = SELECTS + "." + table;
                if (filters.containsKey(table)) {
                    throw new OptionException(
                            key, null, "cannot be set together with " + FILTER + table + ", which counts at first too");
                }
                selects.put(table, withoutEnd(notBlank(key, properties.get(key))));
            }
        }
        for (String key : properties.keySet()) {
            if (key.startsWith(SELECTS + ".") && !selects.containsKey(key.substring(SELECTS.length() + 1))) {
                throw new OptionException(
                        key,
                        null,
                        "is of a table that " + SELECTS + " does not list; add it there: "
                                + key.substring(SELECTS.length() + 1));
            }
        }
        return new RowRules(filters, selects);
    }

    private static String notBlank(String key, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new OptionException(key, value, "must be set");
        }
        return value.strip();
    }

    /** It goes into another statement. */
    private static String withoutEnd(String statement) {
        return statement.replaceFirst("[;\\s]+$", "");
    }

    /** Tables with a filter, as they were named, each with its condition. */
    public Map<String, String> filters() {
        return Map.copyOf(filters);
    }

    /** The condition that rows of the table fulfil, in SQL; empty for all rows. */
    public Optional<String> filter(TableName table) {
        return Optional.ofNullable(filters.get(table.toString()));
    }

    /** The statement that reads the table's rows instead of all; empty for none. */
    public Optional<String> select(TableName table) {
        return Optional.ofNullable(selects.get(table.toString()));
    }
}
