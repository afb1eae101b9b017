/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Replica identities that tables are to have: {@code table:FULL,table:INDEX name}, each table a regular expression. */
public final class ReplicaIdentities {

    private static final Pattern ENTRY =
            Pattern.compile("([^\\s:]+):(DEFAULT|FULL|NOTHING|INDEX\\s+(\\S+))", Pattern.CASE_INSENSITIVE);

    private static final String PRESENT =
            "SELECT n.nspname, c.relname, c.relreplident, (SELECT x.relname FROM pg_index i"
                    + " JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) FROM pg_class c"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" + Catalogue.NAMED;

    private final List<Rule> rules;

    private ReplicaIdentities(List<Rule> rules) {
        this.rules = rules;
    }

    private record Rule(Pattern table, String sql) {}

    static ReplicaIdentities of(String list) {
        List<Rule> rules = new ArrayList<>();
        for (String each : list.split(",")) {
            if (each.isBlank()) {
                continue;
            }
            Matcher entry = ENTRY.matcher(each.strip());
            if (!entry.matches()) {
                throw new IllegalArgumentException(
                        "'" + each.strip() + "' is not table:DEFAULT, table:FULL, table:NOTHING or table:INDEX name");
            }
            String index = entry.group(3);
            rules.add(new Rule(
                    Pattern.compile(entry.group(1), Pattern.CASE_INSENSITIVE),
                    index == null ? entry.group(2).toUpperCase(Locale.ROOT) : usingIndex(index)));
        }
        return new ReplicaIdentities(rules);
    }

    /** Those that the tables have, as {@link #sql} writes them; none of a table that is not there. */
    static Map<TableName, String> present(Connection connection, List<TableName> tables) throws SQLException {
        Map<TableName, String> present = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(PRESENT)) {
            Catalogue.name(statement, tables);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    present.put(
                            new TableName(rows.getString(1), rows.getString(2)),
                            switch (rows.getString(3)) {
                                case "f" -> "FULL";
                                case "n" -> "NOTHING";
                                case "i" -> usingIndex(String.valueOf(rows.getString(4)));
                                default -> "DEFAULT";
                            });
                }
            }
        }
        return present;
    }

    private static String usingIndex(String name) {
        return "USING INDEX " + TableName.quoted(name);
    }

    boolean isEmpty() {
        return rules.isEmpty();
    }

    /** What follows REPLICA IDENTITY in the statement for the table, or null if no rule is about it. */
    @Nullable
    String sql(TableName table) {
        for (Rule rule : rules) {
            if (rule.table().matcher(table.toString()).matches()) {
                return rule.sql();
            }
        }
        return null;
    }

    /** Checks the option. */
    public static final class Validator implements ConfigDef.Validator {
        @Override
        public void ensureValid(String name, @Nullable Object value) {
            try {
                if (value != null) {
                    ReplicaIdentities unused = of((String) value);
                }
            } catch (PatternSyntaxException e) {
                throw new ConfigException(
                        name, value, "has a table that is no regular expression: " + e.getDescription());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, value, String.valueOf(e.getMessage()));
            }
        }

        @Override
        public String toString() {
            return "table:identity,…";
        }
    }
}
