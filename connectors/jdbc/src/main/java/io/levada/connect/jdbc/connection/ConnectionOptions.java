/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.api.config.OptionsBelow;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.JdbcUrl;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Where the database is, who we are there, and how patient we are. */
public record ConnectionOptions(
        @Option(
                name = ConnectionOptions.URL,
                doc =
                        "JDBC URL of the database, for example jdbc:postgresql://localhost:5432/shop. Properties after the"
                                + " question mark are accepted from a list of safe ones, which may be set as connection.NAME too,"
                                + " for example connection.sslmode.",
                importance = Importance.HIGH,
                group = "Connection",
                width = Width.LONG)
        String url,

        @Option(
                name = ConnectionOptions.DIALECT,
                doc = "The database's dialect; not set means the one of the URL.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        DialectName dialectName,

        @Option(
                name = ConnectionOptions.USER,
                doc = "User to connect as.",
                optional = true,
                importance = Importance.HIGH,
                group = "Connection")
        @Nullable
        String user,

        @Option(
                name = ConnectionOptions.PASSWORD,
                doc = "Password of the user.",
                optional = true,
                importance = Importance.HIGH,
                group = "Connection")
        @Nullable
        Password password,

        @Option(
                name = "connection.attempts",
                doc = "How often to try to connect before the task fails.",
                defaultValue = "3",
                min = 1,
                importance = Importance.LOW,
                group = "Connection")
        int attempts,

        @Option(
                name = "connection.backoff.ms",
                doc = "Milliseconds to wait between two attempts to connect.",
                defaultValue = "10000",
                importance = Importance.LOW,
                group = "Connection")
        Duration backoff,

        @Option(
                name = ConnectionOptions.ANSWER_TIMEOUT,
                doc =
                        "Milliseconds without a byte from the database after which a connection is given up that waits for an answer,"
                                + " and all is tried again: a network that is silent breaks no connection. To be longer than a query"
                                + " takes to give its first row, and a statement to get a lock; 0 waits for ever. SQLite has no network.",
                defaultValue = "3600000",
                importance = Importance.LOW,
                group = "Connection")
        Duration answerTimeout,

        @OptionsBelow(ConnectionOptions.PREFIX) Map<String, String> driverProperties) {

    /** How keys of the driver's own properties begin, as all others of a connection do. */
    static final String PREFIX = "connection.";

    /** Key of the longest wait for an answer. */
    static final String ANSWER_TIMEOUT = "connection.answer.timeout.ms";

    /** Key of the JDBC URL. */
    public static final String URL = "connection.url";

    /** Key of the dialect. */
    public static final String DIALECT = "dialect.name";

    /** Key of the user. */
    public static final String USER = "connection.user";

    /** Key of the password. */
    public static final String PASSWORD = "connection.password";

    public ConnectionOptions {
        DialectName ofUrl = DialectName.of(url)
                .orElseThrow(() -> new OptionException(URL, "[not shown]", DialectName.refusal(url)));
        if (dialectName != null && dialectName != ofUrl) {
            throw new OptionException(
                    DIALECT,
                    dialectName.spelling(),
                    "is for URLs that begin with " + dialectName.beginning() + ", and connection.url begins with "
                            + ofUrl.beginning() + "; leave it out");
        }
        try {
            check(
                    new TreeMap<>(driverProperties),
                    ofUrl.dialect(),
                    ofUrl.dialect().url(url));
        } catch (IllegalArgumentException e) {
            throw new OptionException(URL, "[not shown]", String.valueOf(e.getMessage()));
        }
        driverProperties = Map.copyOf(driverProperties);
    }

    /** What is not passed on is refused: a property for the link's safety that does nothing would be worse than none. */
    private static void check(Map<String, String> properties, Dialect dialect, JdbcUrl url) {
        properties.forEach((name, value) -> {
            String key = PREFIX + name;
            dialect.userProperties().problem(name, value).ifPresent(problem -> {
                throw new OptionException(key, "[not shown]", problem);
            });
            if (url.properties().containsKey(name)) {
                throw new OptionException(key, "[not shown]", "stands in connection.url too; remove one");
            }
        });
    }

    /** The URL, taken apart. */
    public JdbcUrl jdbcUrl() {
        return dialect().url(url);
    }

    /** How the database at the URL wants things. */
    public Dialect dialect() {
        return DialectName.of(url)
                .orElseThrow(() -> new IllegalStateException("a URL without dialect was let in"))
                .dialect();
    }

    /** Neither the password nor credentials within the URL. */
    @Override
    public String toString() {
        return "ConnectionOptions[" + jdbcUrl() + ", user=" + user + "]";
    }
}
