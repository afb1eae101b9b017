/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.IgnoredOption;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.connection.ConnectionOptions;
import io.levada.connect.jdbc.connection.Session;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.sqlite.SqliteDialect;
import io.levada.connect.jdbc.dialect.sqlserver.SqlServerDialect;
import io.levada.connect.jdbc.source.PollOptions.Isolation;
import io.levada.connect.jdbc.source.SourceOptions;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigDef;

/** Everything that can be configured at {@link JdbcSourceConnector}. */
record JdbcSourceConfig(ConnectionOptions connection, SourceOptions options) {

    static final ConfigSpec<JdbcSourceConfig> SPEC = ConfigSpec.of(JdbcSourceConfig.class)
            .refusing(Map.of(
                    "sql.quote.identifiers", "use quote.sql.identifiers",
                    "timestamp.initial.ms", "use timestamp.initial"))
            .ignoring(List.of(
                    IgnoredOption.of("table.names.qualify", "tables are always asked for by their full names", "true"),
                    IgnoredOption.of("poll.linger.ms", "batches are handed over as soon as they are read"),
                    IgnoredOption.of(
                            "max.buffer.size", "the buffer is one batch, see batch.max.rows and batch.max.bytes"),
                    IgnoredOption.of(
                            "table.monitoring.startup.polling.limit.ms",
                            "tables are looked up before the connector has started"),
                    IgnoredOption.of(
                            "numeric.precision.mapping",
                            "instead of true, use numeric.mapping=precision_only",
                            "false"),
                    IgnoredOption.of(
                            "date.calendar.system",
                            "dates are always in the proleptic Gregorian calendar",
                            "PROLEPTIC_GREGORIAN",
                            "LEGACY"),
                    IgnoredOption.of("sql.complex.types.enable", "arrays and JSON are always read", "true")));

    JdbcSourceConfig {
        Isolation isolation = options.poll().isolation();
        if (isolation == Isolation.SQL_SERVER_SNAPSHOT && !(connection.dialect() instanceof SqlServerDialect)) {
            throw new OptionException(
                    "transaction.isolation.mode",
                    isolation.name(),
                    "is for SQL Server; use REPEATABLE_READ or SERIALIZABLE");
        }
        if (connection.dialect() instanceof SqliteDialect
                && !options.types().zone().normalized().equals(ZoneOffset.UTC)) {
            throw new OptionException(
                    "db.timezone",
                    options.types().zone(),
                    "is not for SQLite, whose moments may tell their own zone and are all compared in UTC; remove it");
        }
        if (options.deletes().isOn()
                && connection.dialect() instanceof SqlServerDialect
                && isolation != Isolation.SQL_SERVER_SNAPSHOT
                && isolation != Isolation.SERIALIZABLE) {
            throw new OptionException(
                    "transaction.isolation.mode",
                    isolation.name(),
                    "may miss rows that are updated while their keys are read, which deletes.detect=keys would take for deleted;"
                            + " use SQL_SERVER_SNAPSHOT");
        }
    }

    /** What Confluent's connector does where nothing is said, and this one does not. */
    private static final Map<String, String> CONFLUENT = Map.of(
            "numeric.mapping", "none",
            "table.ranges.rows.min", "0",
            "late.rows.window.ms", "0",
            "time.mapping", "connect_logical_cut",
            "connection.answer.timeout.ms", "0");

    /**
     * The configuration with the defaults that the connector's class name promises: Confluent's unless it is our own.
     *
     * @throws org.apache.kafka.common.config.ConfigException that lists every problem
     */
    static JdbcSourceConfig of(Map<String, String> properties) {
        return SPEC.bind(withDefaults(properties));
    }

    /** What is set, and the defaults that the connector's class name promises where they are not ours. */
    static Map<String, String> withDefaults(Map<String, String> properties) {
        if (!isAnothers(properties)) {
            return properties;
        }
        Map<String, String> all = new HashMap<>(CONFLUENT);
        all.putAll(properties);
        return all;
    }

    /** How far back late rows are looked for again; zero for not at all. */
    Duration lateRowsWindow(Map<String, String> properties) {
        // A LIMIT would be used up by rows that are known.
        boolean readsOnce =
                requiresOnce(properties) || !options.tables().querySuffix().isEmpty();
        return options.mode().lateRowsWindow(dialect(), readsOnce);
    }

    /** True if the user wants a worker that delivers exactly once, and no other. */
    static boolean requiresOnce(Map<String, String> properties) {
        return "required".equalsIgnoreCase(properties.get("exactly.once.support"));
    }

    /** True for a configuration that was written for Confluent's connector: a short name means there what it means here. */
    static boolean isAnothers(Map<String, String> properties) {
        return !properties
                .getOrDefault("connector.class", JdbcSourceConnector.class.getName())
                .startsWith("io.levada.");
    }

    /** Options that are set and change nothing in this configuration, each with the reason. */
    Map<String, String> unused(Map<String, String> properties) {
        Map<String, String> unused = new LinkedHashMap<>();
        options.unused().forEach((key, reason) -> {
            String value = properties.get(key);
            ConfigDef.ConfigKey defined = SPEC.configDef().configKeys().get(key);
            if (value != null && defined != null && !isDefault(value, defined)) {
                unused.put(key, reason);
            }
        });
        return unused;
    }

    private static boolean isDefault(String value, ConfigDef.ConfigKey key) {
        Object given = ConfigDef.parseType(key.name, value, key.type);
        if (given instanceof String text && key.defaultValue instanceof String byDefault) {
            return text.equalsIgnoreCase(byDefault);
        }
        return Objects.equals(given, key.defaultValue);
    }

    /** In UTC, whatever {@code db.timezone} says: texts of moments are to stay the same when that is changed. */
    static Session session(Dialect dialect) {
        return new Session(dialect.readingProperties(), ZoneOffset.UTC);
    }

    Dialect dialect() {
        return connection.dialect();
    }
}
