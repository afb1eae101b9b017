/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.connection.Login;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.sink.PositionTable;
import io.levada.connect.jdbc.sink.SinkCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes records into a database's tables. Options are those of Confluent's JDBC sink connector. */
public final class JdbcSinkConnector extends SinkConnector {

    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.of(JdbcSinkConnector.class);
    }

    @Override
    public ConfigDef config() {
        return JdbcSinkConfig.SPEC.configDef();
    }

    @Override
    public Class<? extends Task> taskClass() {
        return JdbcSinkTask.class;
    }

    /** Checks the options and, if they are sound, for some seconds at most, the database, and the tables whose names are known. */
    @Override
    public Config validate(Map<String, String> connectorConfigs) {
        return LiveValidation.of(
                JdbcSinkConfig.SPEC,
                connectorConfigs,
                config -> Database.check(
                        config.connection(),
                        connectorConfigs,
                        config.options().zone(),
                        new SinkCheck(config.options(), config.dialect(), topics(connectorConfigs))));
    }

    /** Those whose records come under their names; a transform may change any. */
    private static List<String> topics(Map<String, String> properties) {
        if (!properties.getOrDefault("transforms", "").isBlank()) {
            return List.of();
        }
        return Arrays.stream(properties.getOrDefault("topics", "").split(","))
                .map(String::strip)
                .filter(topic -> !topic.isEmpty())
                .toList();
    }

    @Override
    public void start(Map<String, String> props) {
        JdbcSinkConfig unused = JdbcSinkConfig.SPEC.bind(props);
        properties = Map.copyOf(props);
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        return Collections.nCopies(maxTasks, properties);
    }

    /** Where positions are kept in the database they are altered there too; nothing else has a say in what a consumer group reads. */
    @Override
    public boolean alterOffsets(Map<String, String> connectorConfig, Map<TopicPartition, Long> offsets) {
        JdbcSinkConfig config = JdbcSinkConfig.SPEC.bind(connectorConfig);
        String table = config.options().offsetsTable();
        if (table == null) {
            return true;
        }
        Dialect dialect = config.dialect();
        try (Login login = Login.of(config.connection(), connectorConfig);
                Connection connection = Database.open(config.connection(), login, config.session())) {
            connection.setAutoCommit(false);
            new PositionTable(table, JdbcSinkTask.nameIn(connectorConfig), config.options(), dialect)
                    .alter(offsets, connection);
        } catch (SQLException e) {
            throw new ConnectException(
                    "cannot alter the offsets in table " + table + " at "
                            + config.connection().jdbcUrl() + ": " + e.getMessage(),
                    e);
        }
        return true;
    }

    @Override
    public void stop() {
        // Nothing runs in the connector itself.
    }
}
