/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.api.config.Spelled;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.h2.H2Dialect;
import io.levada.connect.jdbc.dialect.mysql.MySqlDialect;
import io.levada.connect.jdbc.dialect.oracle.OracleDialect;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import io.levada.connect.jdbc.dialect.sqlite.SqliteDialect;
import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The dialects that {@code dialect.name} can choose, under the names of Confluent's connector, which has none for H2. */
public enum DialectName implements Spelled {
    POSTGRESQL("PostgreSqlDatabaseDialect", "jdbc:postgresql:"),
    MYSQL("MySqlDatabaseDialect", "jdbc:mysql: or jdbc:mariadb:"),
    SQLITE("SqliteDatabaseDialect", "jdbc:sqlite:"),
    SQLSERVER("SqlServerDatabaseDialect", "jdbc:sqlserver:"),
    ORACLE("OracleDatabaseDialect", "jdbc:oracle:"),
    H2("H2DatabaseDialect", "jdbc:h2:");

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
            case MYSQL -> new MySqlDialect();
            case SQLITE -> new SqliteDialect();
            case SQLSERVER -> new SqlServerDialect();
            case ORACLE -> new OracleDialect();
            case H2 -> new H2Dialect();
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
