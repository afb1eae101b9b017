/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.api.config.Spelled;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dialects that {@code dialect.name} can choose, under the names of Confluent's connector. */
public enum DialectName implements Spelled {
    POSTGRESQL("PostgreSqlDatabaseDialect", "jdbc:postgresql:");

    private static final String OR = " or ";
    private static final Pattern SCHEME = Pattern.compile("jdbc:([A-Za-z0-9+-]{1,30}):.*", Pattern.DOTALL);

    private final String spelling;
    private final String beginnings;

    /** @param beginnings of its URLs, with {@link #OR} in between */
    DialectName(String spelling, String beginnings) {
        this.spelling = spelling;
        this.beginnings = beginnings;
    }

    @Override
    public String spelling() {
        return spelling;
    }

    Dialect dialect() {
        return switch (this) {
            case POSTGRESQL -> new PostgresDialect();
        };
    }

    /** The dialect that speaks to URLs of that beginning. */
    static Optional<DialectName> of(String url) {
        return Stream.of(values())
                .filter(name -> Stream.of(name.beginnings.split(OR)).anyMatch(url::startsWith))
                .findFirst();
    }

    /** How URLs begin, for messages. */
    String beginning() {
        return beginnings;
    }

    /** What is wrong with a URL that no dialect speaks to, without showing it. */
    static String refusal(String url) {
        Matcher scheme = SCHEME.matcher(url);
        return "must begin with "
                + Stream.of(values()).map(DialectName::beginning).collect(Collectors.joining(", "))
                + (scheme.matches() ? ", but is for " + scheme.group(1) : ", but is no JDBC URL");
    }
}
