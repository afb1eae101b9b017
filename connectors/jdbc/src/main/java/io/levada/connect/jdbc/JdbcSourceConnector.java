/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.jdbc.connection.ConnectFailure;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.connection.Login;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.source.AssignedTables;
import io.levada.connect.jdbc.source.DeleteOptions;
import io.levada.connect.jdbc.source.JdbcOffset;
import io.levada.connect.jdbc.source.Mode;
import io.levada.connect.jdbc.source.PlannedTable;
import io.levada.connect.jdbc.source.RangePlanner;
import io.levada.connect.jdbc.source.SourceCheck;
import io.levada.connect.jdbc.source.SourceOptions;
import io.levada.connect.jdbc.source.SourcePartition;
import io.levada.connect.jdbc.source.TableMonitor;
import io.levada.connect.jdbc.source.TableOptions;
import io.levada.connect.jdbc.source.TableSelection;
import io.levada.connect.jdbc.source.TopicOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads rows of a database's tables, or of a query, into topics, by polling. Options, topics and offsets are those of Confluent's
 * JDBC source connector.
 */
public final class JdbcSourceConnector extends SourceConnector {

    private static final Logger LOGGER = LoggerFactory.getLogger(JdbcSourceConnector.class);

    private Map<String, String> properties = Map.of();
    private @Nullable Database database;
    private @Nullable Login login;
    private volatile @Nullable TableMonitor<PlannedTable> monitor;

    @Override
    public String version() {
        return PluginVersion.of(JdbcSourceConnector.class);
    }

    @Override
    public ConfigDef config() {
        return JdbcSourceConfig.SPEC.configDef();
    }

    @Override
    public Class<? extends Task> taskClass() {
        return JdbcSourceTask.class;
    }

    /** Checks the options and, if they are sound, for some seconds at most, the database itself, whose tables and columns it then recommends. */
    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        List<SourceCheck> checks = new ArrayList<>();
        Config validated = LiveValidation.of(
                JdbcSourceConfig.SPEC,
                JdbcSourceConfig.withDefaults(connectorConfigs),
                config -> withoutEffect(config, connectorConfigs)
                        .or(() -> withoutExactlyOnce(config, connectorConfigs))
                        .or(() -> {
                            checks.add(new SourceCheck(config.options(), config.dialect()));
                            return Database.check(config.connection(), connectorConfigs, ZoneOffset.UTC, checks.get(0));
                        }));
        for (SourceCheck check : checks) {
            for (ConfigValue value : validated.configValues()) {
                List<Object> found = check.recommended(value.name());
                if (!found.isEmpty()) {
                    value.recommendedValues(found);
                }
            }
        }
        return validated;
    }

    /** What was written for another connector, which said nothing of it, is taken as it is. */
    private static Optional<ConnectFailure> withoutEffect(JdbcSourceConfig config, Map<String, String> properties) {
        return JdbcSourceConfig.isAnothers(properties)
                ? Optional.empty()
                : config.unused(properties).entrySet().stream()
                        .findFirst()
                        .map(each -> new ConnectFailure(
                                each.getKey(), each.getKey() + " " + each.getValue() + "; remove it"));
    }

    /** Which keys were told is known only where that is stored in the transaction that tells them. */
    private static Optional<ConnectFailure> withoutExactlyOnce(JdbcSourceConfig config, Map<String, String> props) {
        return !config.options().deletes().isOn() || JdbcSourceConfig.requiresOnce(props)
                ? Optional.empty()
                : Optional.of(new ConnectFailure(
                        DeleteOptions.DETECT,
                        "deletes.detect=keys needs exactly.once.support=required: after a crash it would otherwise not know all"
                                + " keys that were told"));
    }

    @Override
    public void start(Map<String, String> props) {
        JdbcSourceConfig config = JdbcSourceConfig.of(props);
        withoutExactlyOnce(config, props).ifPresent(failure -> {
            throw new ConnectException(failure.message());
        });
        properties = Map.copyOf(props);
        config.unused(props)
                .forEach((key, reason) ->
                        LOGGER.atWarn().addKeyValue("option", key).log(reason));
        if (!config.options().tables().isQuery()) {
            Login as = Login.of(config.connection(), props);
            try {
                watchTables(config, as, props.getOrDefault("name", "source"));
            } catch (RuntimeException e) {
                as.close();
                throw e;
            }
            login = as;
        }
    }

    private void watchTables(JdbcSourceConfig config, Login as, String name) {
        TableOptions tables = config.options().tables();
        TopicOptions topics = config.options().topics();
        Database opened = new Database(
                "jdbc-" + name, config.connection(), as, JdbcSourceConfig.session(config.dialect()), null, 1);
        TableSelection selection = new TableSelection(tables, config.dialect());
        RangePlanner planner = new RangePlanner(
                config.options(),
                config.dialect(),
                () -> context().offsetStorageReader(),
                Integer.parseInt(properties.getOrDefault("tasks.max", "1").strip()),
                config.lateRowsWindow(properties));
        TableMonitor<PlannedTable> started = new TableMonitor<>(
                name,
                () -> stillThere(find(selection, topics, planner, opened, TableSelection::oneForEachTopic)),
                tables.pollInterval(),
                () -> context().requestTaskReconfiguration());
        try {
            Set<PlannedTable> found = find(selection, topics, planner, opened, (all, read, of) -> {
                TableSelection.refuseSameTopic(all, of);
                return all;
            });
            List<String> missing = selection.missing(tables(found));
            if (!missing.isEmpty()) {
                LOGGER.atWarn().addKeyValue("tables", missing).log("tables do not exist, waiting for them");
            } else {
                checkColumns(config, tables(found));
            }
            started.start(found);
        } catch (SQLException e) {
            opened.close();
            throw new ConnectException(Database.failure(config.connection(), e).message(), e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        database = opened;
        monitor = started;
    }

    /** An entry of a table that is not read may be meant for one that is, and whose columns it was to hide. */
    private static void checkColumns(JdbcSourceConfig config, Set<TableId> tables) {
        config.options()
                .columns()
                .unselected(
                        tables,
                        config.dialect().identifiers(config.options().tables().quoting()))
                .ifPresent(fault -> {
                    throw fault;
                });
    }

    /**
     * That all tables are gone at once is rather a lost privilege, or another database behind the address, than what anyone wants: tasks
     * go on, and say by their failure what is wrong, instead of silently not being there any more.
     */
    private Set<PlannedTable> stillThere(Set<PlannedTable> found) {
        Set<PlannedTable> before = monitor == null ? Set.of() : monitor.tables();
        if (!found.isEmpty() || before.isEmpty()) {
            return found;
        }
        LOGGER.atWarn().addKeyValue("tables", tables(before)).log("none of the tables can be seen any more");
        return before;
    }

    /** What becomes of tables of the same topic. */
    private interface SameTopic {
        /** Gives those of the tables found that are to be read. */
        Set<TableId> among(Set<TableId> found, Set<TableId> read, TopicOptions topics);
    }

    /** Two tables of the same topic are an error at the start, and a warning later, when that which is being read goes on. */
    private Set<PlannedTable> find(
            TableSelection selection, TopicOptions topics, RangePlanner planner, Database database, SameTopic same)
            throws SQLException {
        Set<TableId> read = monitor == null ? Set.of() : tables(monitor.tables());
        try (Connection connection = database.connect()) {
            return planner.plan(connection, same.among(selection.find(connection), read, topics));
        }
    }

    private static Set<TableId> tables(Set<PlannedTable> planned) {
        return planned.stream().map(PlannedTable::table).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * One task for a query; otherwise the tables are split evenly, or big ones among several tasks, and without any there is no task
     * until one appears.
     */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        if (monitor == null) {
            return List.of(properties);
        }
        return AssignedTables.assign(monitor.tables(), maxTasks).stream()
                .map(assigned -> {
                    Map<String, String> task = new HashMap<>(properties);
                    task.putAll(assigned);
                    return task;
                })
                .toList();
    }

    @Override
    public void stop() {
        if (monitor != null) {
            monitor.close();
        }
        if (database != null) {
            database.close();
        }
        if (login != null) {
            login.close();
        }
    }

    /**
     * Supported where a restart repeats no record: where every record has an offset of its own, and where transactions end where this
     * connector says. Otherwise rows of one moment share an offset, or rows of one number that a query joins, and may be repeated when
     * there are more of them than a batch holds; bulk repeats by intent.
     */
    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        JdbcSourceConfig config;
        try {
            config = JdbcSourceConfig.of(connectorConfig);
        } catch (ConfigException ignored) { // validation reports it under the key that is wrong
            return ExactlyOnceSupport.UNSUPPORTED;
        }
        SourceOptions options = config.options();
        Mode mode = options.mode().mode();
        boolean own = mode.usesIncrementing() && !options.tables().isQuery();
        return mode != Mode.BULK
                        && config.lateRowsWindow(connectorConfig).isZero()
                        && (own || boundsTransactions(connectorConfig))
                ? ExactlyOnceSupport.SUPPORTED
                : ExactlyOnceSupport.UNSUPPORTED;
    }

    /** A transaction ends with a batch, but not between rows that share an offset. */
    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> connectorConfig) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    static boolean boundsTransactions(Map<String, String> config) {
        return "connector".equalsIgnoreCase(config.get("transaction.boundary"));
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        boolean withKeys = "keys".equalsIgnoreCase(connectorConfig.get(DeleteOptions.DETECT));
        offsets.forEach((partition, offset) -> {
            SourcePartition.check(partition);
            SourcePartition.checkKeys(partition, offsets.keySet());
            JdbcOffset.check(partition, offset, withKeys);
        });
        return true;
    }
}
