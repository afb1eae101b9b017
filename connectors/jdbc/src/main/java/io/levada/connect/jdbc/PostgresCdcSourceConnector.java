/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.api.config.IgnoredOption;
import io.levada.connect.api.config.OptionException;
import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.ServerCheck;
import io.levada.connect.jdbc.cdc.server.SlotOptions;
import io.levada.connect.jdbc.cdc.signal.SignalOptions;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotMode;
import io.levada.connect.jdbc.cdc.table.ColumnRules;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.Tables;
import io.levada.connect.jdbc.source.TableMonitor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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
 * Captures every change of a PostgreSQL database's tables from its write-ahead log, by logical replication with {@code pgoutput}.
 * Options, topics, events and offsets are those of Debezium's PostgreSQL connector.
 */
public final class PostgresCdcSourceConnector extends SourceConnector {

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresCdcSourceConnector.class);

    /** In a task's config, so that it is made anew: how often a captured table has joined since the connector was started. */
    static final String FOUND = "tables.found";

    private Map<String, String> properties = Map.of();
    private int foundAtStart;
    private @Nullable TableMonitor<JoinedTables.Joined> monitor;

    @Override
    public String version() {
        return PluginVersion.of(PostgresCdcSourceConnector.class);
    }

    @Override
    public ConfigDef config() {
        return PostgresCdcSourceConfig.SPEC.configDef();
    }

    @Override
    public Class<? extends Task> taskClass() {
        return PostgresCdcSourceTask.class;
    }

    /** Checks the options and, if they are sound, the server, the user's rights and the tables. */
    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        Config config = PostgresCdcSourceConfig.SPEC.validate(connectorConfigs);
        List<ConfigValue> values = new ArrayList<>(config.configValues());
        Stream.of(
                        ColumnRules.keys(connectorConfigs.keySet()),
                        RowRules.keys(connectorConfigs.keySet()),
                        connectorConfigs.keySet().stream()
                                .filter(key -> key.startsWith(SignalOptions.CONSUMER))
                                .toList())
                .flatMap(List::stream)
                .forEach(key ->
                        values.add(new ConfigValue(key, connectorConfigs.get(key), List.of(), new ArrayList<>())));
        ColumnRules columns = ColumnRules.of(Map.of());
        try {
            columns = ColumnRules.of(connectorConfigs);
        } catch (ConfigException e) {
            add(values, "column", e.getMessage());
        }
        RowRules rows = RowRules.of(Map.of());
        try {
            rows = RowRules.of(connectorConfigs);
        } catch (OptionException e) {
            add(values, e.key(), e.getMessage());
        }
        if (values.stream().allMatch(value -> value.errorMessages().isEmpty())) {
            PostgresCdcSourceConfig bound = PostgresCdcSourceConfig.SPEC.bind(connectorConfigs);
            boolean streams = bound.snapshot().mode() != SnapshotMode.INITIAL_ONLY;
            ColumnRules changes = columns;
            ServerCheck.Reading reading = connection ->
                    new Tables(connection, new Selection(bound.selection()), changes, bound.types(), bound.topics());
            new ServerCheck(
                            bound.server(),
                            bound.slot(),
                            bound.selection(),
                            rows,
                            bound.events().skipped(),
                            streams,
                            changes.hide() ? reading : null)
                    .problems()
                    .forEach(problem -> add(values, problem.key(), problem.message()));
        }
        return new Config(values);
    }

    /** Keys that hold the name of a column or table are no options of the definition. */
    private static void add(List<ConfigValue> values, String key, @Nullable String message) {
        ConfigValue known = values.stream()
                .filter(value -> value.name().equals(key))
                .findFirst()
                .orElse(null);
        if (known == null) {
            values.add(new ConfigValue(key, null, List.of(), new ArrayList<>(List.of(String.valueOf(message)))));
        } else {
            known.addErrorMessage(String.valueOf(message));
        }
    }

    @Override
    public void start(Map<String, String> props) {
        PostgresCdcSourceConfig config = PostgresCdcSourceConfig.SPEC.bind(props);
        ColumnRules unused = ColumnRules.of(props);
        RowRules unusedToo = RowRules.of(props);
        List<String> idle = DebeziumKeys.IGNORED.stream()
                .map(IgnoredOption::name)
                .filter(props::containsKey)
                .toList();
        if (!idle.isEmpty()) {
            LOGGER.atInfo()
                    .addKeyValue("keys", idle)
                    .log("these keys of Debezium's are accepted and without effect here");
        }
        properties = Map.copyOf(props);
        // A restart would drop the slot with what it keeps.
        boolean publishes = config.slot().autocreate() == SlotOptions.Autocreate.FILTERED
                && !config.slot().dropOnStop()
                && config.snapshot().mode() != SnapshotMode.INITIAL_ONLY;
        if (publishes && !config.tablesPoll().isZero()) {
            watchTables(config, props.getOrDefault("name", "postgres"));
        }
    }

    /** A table that is made while the task runs has to be put into the publication, and its rows to be read. */
    private void watchTables(PostgresCdcSourceConfig config, String name) {
        Connections connections = new Connections(config.server(), "levada-cdc-tables-" + name);
        JoinedTables finder = new JoinedTables(connections, new Selection(config.selection()), config.slot());
        Set<JoinedTables.Joined> found = Set.of();
        try {
            found = finder.find();
        } catch (SQLException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("cannot look for tables; the task, which needs the database too, says more");
        }
        foundAtStart = found.size();
        TableMonitor<JoinedTables.Joined> started = new TableMonitor<>(
                name, finder, config.tablesPoll(), () -> context().requestTaskReconfiguration());
        started.start(found);
        monitor = started;
    }

    /** One: a slot has one reader. */
    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        if (maxTasks > 1) {
            LOGGER.atWarn()
                    .addKeyValue("tasks.max", maxTasks)
                    .log(
                            "one task captures changes, since a slot has one reader; snapshot.max.threads lets it read rows faster");
        }
        int more = monitor == null ? 0 : monitor.tables().size() - foundAtStart;
        if (more == 0) {
            return List.of(properties);
        }
        Map<String, String> task = new HashMap<>(properties);
        task.put(FOUND, Integer.toString(more));
        return List.of(task);
    }

    @Override
    public void stop() {
        if (monitor != null) {
            monitor.close();
        }
    }

    /** Each record has a place of its own, and the server sends what is not confirmed again in the same order. */
    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
        return ExactlyOnceSupport.SUPPORTED;
    }

    @Override
    public ConnectorTransactionBoundaries canDefineTransactionBoundaries(Map<String, String> connectorConfig) {
        return ConnectorTransactionBoundaries.SUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
        String prefix = connectorConfig.get("topic.prefix");
        offsets.forEach((partition, offset) -> check(prefix, partition, offset));
        return true;
    }

    private static void check(@Nullable String prefix, Map<String, ?> partition, @Nullable Map<String, ?> offset) {
        if (offset == null) {
            return; // what is there may be removed, whatever it is
        }
        if (!partition.keySet().equals(Set.of("server")) || !Objects.equals(partition.get("server"), prefix)) {
            throw new ConnectException("the partition must be {\"server\": \"" + prefix + "\"}, not " + partition);
        }
        if (!offset.containsKey("lsn")) {
            throw new ConnectException("the offset must have lsn, a number; it has " + offset.keySet());
        }
        CdcOffset unused = CdcOffset.of(offset);
    }
}
