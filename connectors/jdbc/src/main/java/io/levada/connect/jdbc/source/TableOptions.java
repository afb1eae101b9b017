/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Quoting;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** What is read: tables by name or pattern, or the result of one query. */
public record TableOptions(
        @Option(
                name = "table.whitelist",
                doc = "Tables to read, by name, schema.name or database.schema.name.",
                defaultValue = "",
                group = "Tables")
        List<String> whitelist,

        @Option(name = "table.blacklist", doc = "Tables not to read.", defaultValue = "", group = "Tables")
        List<String> blacklist,

        @Option(
                name = "table.include.list",
                doc =
                        "Regular expressions; tables whose schema.name or database.schema.name matches one in full are read.",
                defaultValue = "",
                group = "Tables")
        List<String> includeList,

        @Option(
                name = "table.exclude.list",
                doc = "Regular expressions; of the tables included, those that match one are not read.",
                defaultValue = "",
                group = "Tables")
        List<String> excludeList,

        @Option(
                name = "catalog.pattern",
                doc = "Database whose tables are read; not set means the one connected to.",
                optional = true,
                importance = Importance.LOW,
                group = "Tables")
        @Nullable
        String catalogPattern,

        @Option(
                name = "schema.pattern",
                doc = "LIKE pattern of the schemas whose tables are read; not set means all.",
                optional = true,
                importance = Importance.LOW,
                group = "Tables")
        @Nullable
        String schemaPattern,

        @Option(
                name = "table.types",
                doc = "Kinds of tables: TABLE, PARTITIONED TABLE, VIEW, MATERIALIZED VIEW, FOREIGN TABLE.",
                defaultValue = "TABLE",
                importance = Importance.LOW,
                group = "Tables")
        List<String> types,

        @Option(
                name = "table.poll.interval.ms",
                doc = "Milliseconds between two looks for new or removed tables.",
                defaultValue = "60000",
                min = 1,
                importance = Importance.LOW,
                group = "Tables")
        Duration pollInterval,

        @Option(
                name = "query",
                doc =
                        "A SELECT to read instead of tables. In modes other than bulk it is read as a sub-select, so it may have a"
                                + " WHERE of its own, and must give the columns that the mode names. Where the database is to know"
                                + " the bounds of a poll earlier, {{after.incrementing}}, {{upto.incrementing}},"
                                + " {{after.timestamp}} and {{before.timestamp}} stand for them anywhere in it.",
                defaultValue = "",
                width = Width.LONG,
                group = "Tables")
        String query,

        @Option(
                name = "query.masked",
                doc = "A query as in query, which is shown nowhere.",
                optional = true,
                importance = Importance.LOW,
                group = "Tables")
        @Nullable
        Password queryMasked,

        @Option(
                name = "query.suffix",
                doc = "Text to put at the end of every query, for example LIMIT 5000.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Tables")
        String querySuffix,

        @Option(
                name = "quote.sql.identifiers",
                doc =
                        "Whether names of tables and columns are quoted in SQL: always or never. Never lets the server fold upper and lower"
                                + " case; reserved words are quoted all the same, as it would fold them.",
                defaultValue = "always",
                importance = Importance.LOW,
                group = "Tables")
        Quoting quoting) {

    public TableOptions {
        whitelist = List.copyOf(whitelist);
        blacklist = List.copyOf(blacklist);
        includeList = List.copyOf(includeList);
        excludeList = List.copyOf(excludeList);
        types = List.copyOf(types);
        query = query.strip();
        if (queryMasked != null && isMasked(queryMasked)) {
            if (!query.isEmpty()) {
                throw new OptionException("query.masked", "[hidden]", "cannot stand beside query; remove one");
            }
            query = queryMasked.value().strip();
        }
        query = SecondStatement.withoutEnd(query);
        if (SecondStatement.isPossible(query)) {
            throw new OptionException(queryKey(queryMasked), "[a query]", SecondStatement.REFUSAL);
        }
        querySuffix = SecondStatement.withoutEnd(querySuffix);
        if (SecondStatement.isPossible(querySuffix)) {
            throw new OptionException("query.suffix", querySuffix, SecondStatement.REFUSAL);
        }
        checkExpressions("table.include.list", includeList);
        checkExpressions("table.exclude.list", excludeList);
        if (!whitelist.isEmpty() && !blacklist.isEmpty()) {
            throw new OptionException("table.blacklist", blacklist, "cannot stand beside table.whitelist; remove one");
        }
        boolean named = !whitelist.isEmpty() || !blacklist.isEmpty();
        boolean matched = !includeList.isEmpty() || !excludeList.isEmpty();
        if (named && matched) {
            throw new OptionException(
                    includeList.isEmpty() ? "table.exclude.list" : "table.include.list",
                    includeList.isEmpty() ? excludeList : includeList,
                    "cannot stand beside table.whitelist or table.blacklist; use one way of naming tables");
        }
        if (!query.isEmpty() && (named || matched)) {
            throw new OptionException(
                    queryKey(queryMasked), "[a query]", "cannot stand beside a list of tables; remove one");
        }
    }

    private static String queryKey(@Nullable Password masked) {
        return isMasked(masked) ? "query.masked" : "query";
    }

    private static boolean isMasked(@Nullable Password masked) {
        return masked != null && !masked.value().isBlank();
    }

    /** The key that holds the query. */
    String queryKey() {
        return queryKey(queryMasked);
    }

    /** What may be told of a failure of the database, whose words may hold parts of the query. */
    public String told(SQLException failure) {
        String code = " [" + failure.getSQLState() + "]";
        return isMasked(queryMasked)
                ? "the database's error " + failure.getErrorCode() + code + ", whose text may show query.masked"
                : failure.getMessage() + code;
    }

    /** The failure, if that may be told in its own words, or null. */
    public @Nullable SQLException cause(SQLException failure) {
        return isMasked(queryMasked) ? null : failure;
    }

    private static void checkExpressions(String key, List<String> expressions) {
        for (String expression : expressions) {
            try {
                Pattern.compile(expression);
            } catch (PatternSyntaxException e) {
                throw new OptionException(key, expression, "must be a regular expression: " + e.getDescription());
            }
        }
    }

    /** True if one query is read instead of tables. */
    public boolean isQuery() {
        return !query.isEmpty();
    }

    /** The query for a dialect's driver. */
    QueryText queryText(Dialect dialect) {
        return QueryText.of(query, dialect.questionMark());
    }
}
