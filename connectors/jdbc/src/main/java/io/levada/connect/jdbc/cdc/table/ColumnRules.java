/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What is done to the values of chosen columns, under Debezium's keys: {@code column.truncate.to.N.chars},
 * {@code column.mask.with.N.chars}, {@code column.mask.hash.ALGORITHM.with.salt.SALT} and its {@code hash.v2},
 * {@code column.propagate.source.type}, {@code datatype.propagate.source.type}. The first rule that matches a column counts.
 */
public final class ColumnRules {

    private static final Pattern TRUNCATE = Pattern.compile("column\\.truncate\\.to\\.(\\d{1,9})\\.chars");
    private static final Pattern MASK = Pattern.compile("column\\.mask\\.with\\.(\\d{1,4})\\.chars");
    private static final Pattern HASH = Pattern.compile("column\\.mask\\.hash\\.(v2\\.)?([^.]+)\\.with\\.salt\\.(.+)");

    /** What keys of these families begin with, where a mistake would let values through. */
    private static final Set<String> HIDING = Set.of("column.mask.", "column.truncate.");

    private static final String PROPAGATE = "column.propagate.source.type";
    private static final String PROPAGATE_TYPE = "datatype.propagate.source.type";

    private final List<Rule> rules;

    private ColumnRules(List<Rule> rules) {
        this.rules = rules;
    }

    private record Rule(NamePatterns columns, boolean byType, Change change) {}

    /** What happens to a column that a rule matches. */
    interface Change {
        /** Adds what the schema tells of it. */
        void describe(Column column, ColumnSize size, SchemaBuilder schema);

        /** The change of values, null among them; empty if they stay. */
        Optional<UnaryOperator<@Nullable Object>> of(ColumnSize size);

        /** The key that wants nobody to see the values; null if they may be seen. */
        default @Nullable String hiddenBy() {
            return null;
        }
    }

    /** Those of the keys that belong to these families: no definition can list them. */
    public static List<String> keys(Set<String> keys) {
        return keys.stream()
                .filter(key -> key.equals(PROPAGATE)
                        || key.equals(PROPAGATE_TYPE)
                        || Stream.of(TRUNCATE, MASK, HASH)
                                .anyMatch(family -> family.matcher(key).matches()))
                .sorted()
                .toList();
    }

    /**
     * Reads the keys of these families from a connector's configuration.
     *
     * @throws ConfigException naming the key whose value, or whose algorithm, is wrong
     */
    public static ColumnRules of(Map<String, String> properties) {
        List<Rule> truncations = new ArrayList<>();
        List<Rule> masks = new ArrayList<>();
        List<Rule> propagations = new ArrayList<>();
        List<Rule> hashes = new ArrayList<>();
        List<Rule> newerHashes = new ArrayList<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            Matcher truncate = TRUNCATE.matcher(key);
            Matcher mask = MASK.matcher(key);
            Matcher hash = HASH.matcher(key);
            if (truncate.matches()) {
                truncations.add(rule(key, value, false, new Truncation(Integer.parseInt(truncate.group(1)))));
            } else if (mask.matches()) {
                masks.add(rule(key, value, false, new Mask(key, "*".repeat(Integer.parseInt(mask.group(1))))));
            } else if (hash.matches()) {
                Hash change = Hash.of(key, hash.group(2), hash.group(3), hash.group(1) != null);
                (hash.group(1) == null ? hashes : newerHashes).add(rule(key, value, false, change));
            } else if (key.equals(PROPAGATE) || key.equals(PROPAGATE_TYPE)) {
                propagations.add(rule(key, value, key.equals(PROPAGATE_TYPE), new SourceType()));
            } else if (HIDING.stream().anyMatch(key::startsWith)) {
                throw new ConfigException(
                        key,
                        value,
                        "is none of column.truncate.to.N.chars, column.mask.with.N.chars (N up to 9999),"
                                + " column.mask.hash.ALGORITHM.with.salt.SALT and column.mask.hash.v2.ALGORITHM.with.salt.SALT");
            }
        });
        List<Rule> all = new ArrayList<>(truncations);
        all.addAll(masks);
        all.addAll(propagations);
        all.addAll(hashes);
        all.addAll(newerHashes);
        return new ColumnRules(List.copyOf(all));
    }

    private static Rule rule(String key, String value, boolean byType, Change change) {
        try {
            return new Rule(NamePatterns.of(value), byType, change);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(
                    key, value, "must be regular expressions separated by commas: " + e.getDescription());
        }
    }

    /** Whether any rule wants values to be seen by nobody. */
    public boolean hide() {
        return rules.stream().anyMatch(rule -> rule.change().hiddenBy() != null);
    }

    /** The change of the column's values, if a rule matches it. */
    Optional<Change> of(TableName table, Column column) {
        for (Rule rule : rules) {
            String name = table + "." + (rule.byType() ? column.typeName() : column.name());
            if (rule.columns().matches(name)) {
                return Optional.of(rule.change());
            }
        }
        return Optional.empty();
    }

    private record Truncation(int length) implements Change {
        @Override
        public void describe(Column column, ColumnSize size, SchemaBuilder schema) {
            if (size.mayExceed(length)) {
                schema.parameter("truncateLength", Integer.toString(length));
            }
        }

        @Override
        public Optional<UnaryOperator<@Nullable Object>> of(ColumnSize size) {
            return size.mayExceed(length) ? Optional.of(value -> Truncated.of(value, length)) : Optional.empty();
        }
    }

    private record Mask(String key, String stars) implements Change {
        @Override
        public void describe(Column column, ColumnSize size, SchemaBuilder schema) {
            schema.parameter("masked", "true");
        }

        @Override
        public Optional<UnaryOperator<@Nullable Object>> of(ColumnSize size) {
            return size.text() ? Optional.of(value -> stars) : Optional.empty();
        }

        @Override
        public String hiddenBy() {
            return key;
        }
    }

    /** Tells the column's own type in the schema; values stay. */
    private record SourceType() implements Change {
        @Override
        public void describe(Column column, ColumnSize size, SchemaBuilder schema) {
            schema.parameter("__debezium.source.column.type", column.typeName().toUpperCase(Locale.ENGLISH));
            if (size.length() >= 0) {
                schema.parameter("__debezium.source.column.length", Integer.toString(size.length()));
            }
            if (size.scale() >= 0) {
                schema.parameter("__debezium.source.column.scale", Integer.toString(size.scale()));
            }
            schema.parameter("__debezium.source.column.name", column.name());
        }

        @Override
        public Optional<UnaryOperator<@Nullable Object>> of(ColumnSize size) {
            return Optional.empty();
        }
    }
}
