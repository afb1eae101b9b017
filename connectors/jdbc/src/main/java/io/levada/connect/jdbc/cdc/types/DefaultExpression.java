/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a value that a default's expression stands for, as Debezium takes it: a literal, or what it puts for a value
 * that the server computes.
 */
final class DefaultExpression {

    private static final Pattern LITERAL = Pattern.compile("'((?:[^']|'')*+)'");
    private static final Pattern CALL = Pattern.compile("^\\(?[A-Za-z0-9_.]+\\(.*\\)");
    private static final Set<String> NOW =
            Set.of("current_timestamp", "current_time", "current_date", "localtime", "localtimestamp");

    /** What stands for a computed value; types that are not here show no default. */
    private static final Map<String, String> COMPUTED = Map.ofEntries(
            Map.entry("bit", "0"),
            Map.entry("varbit", "0"),
            Map.entry("bool", "false"),
            Map.entry("bpchar", ""),
            Map.entry("varchar", ""),
            Map.entry("text", ""),
            Map.entry("numeric", "0.0"),
            Map.entry("float4", "0.0"),
            Map.entry("float8", "0.0"),
            Map.entry("int2", "0"),
            Map.entry("int4", "0"),
            Map.entry("int8", "0"),
            Map.entry("json", "{}"),
            Map.entry("jsonb", "{}"),
            Map.entry("xml", ""),
            Map.entry("uuid", "00000000-0000-0000-0000-000000000000"),
            Map.entry("date", "1970-01-01"),
            Map.entry("time", "00:00:00"),
            Map.entry("timestamp", "1970-01-01 00:00:00"),
            Map.entry("timestamptz", "1970-01-01 00:00:00+00"),
            Map.entry("interval", "00:00:00"));

    private DefaultExpression() {}

    /** Empty for NULL, and for types whose defaults are not shown. */
    static Optional<String> text(String expression, PgType type, int typmod) {
        if (type.isEnum()) {
            return label(expression);
        }
        String computed = COMPUTED.get(type.name());
        if (computed == null || !type.schema().equals("pg_catalog")) {
            return Optional.empty();
        }
        String trimmed = expression.trim();
        if (CALL.matcher(trimmed).find() || NOW.contains(trimmed.toLowerCase(Locale.ROOT))) {
            return Optional.of(normal(computed, type, typmod));
        }
        return literal(trimmed).map(literal -> normal(literal, type, typmod));
    }

    /** Only a literal cast to the enum: it begins with a quote, and all after the literal is the type's name. */
    private static Optional<String> label(String expression) {
        Matcher literal = LITERAL.matcher(expression);
        return literal.lookingAt() && expression.startsWith("::", literal.end())
                ? Optional.of(literal.group(1).replace("''", "'"))
                : Optional.empty();
    }

    private static Optional<String> literal(String expression) {
        Matcher literal = LITERAL.matcher(expression);
        if (literal.find()) {
            return Optional.of(literal.group(1).replace("''", "'"));
        }
        return expression.startsWith("NULL::") ? Optional.empty() : Optional.of(expression);
    }

    /**
     * As the server writes a value of the column.
     *
     * @throws ArithmeticException if a number has more fraction digits than the column
     */
    private static String normal(String literal, PgType type, int typmod) {
        return switch (type.name()) {
            case "bool" -> literal.equalsIgnoreCase("true") ? "t" : "f";
            case "uuid" -> UUID.fromString(literal).toString();
            case "numeric" -> rescaled(new BigDecimal(literal), typmod).toPlainString();
            default -> literal;
        };
    }

    private static BigDecimal rescaled(BigDecimal value, int typmod) {
        return typmod < 0 ? value : value.setScale(NumericScale.of(typmod).scale());
    }
}
