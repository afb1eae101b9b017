/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.Option;
import io.levada.connect.jdbc.connection.ConnectionOptions;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.source.SourceOptions;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Everything that can be configured at {@link JdbcSourceConnector}. */
record JdbcSourceConfig(
        ConnectionOptions connection,
        SourceOptions options,

        @Option(
                name = "topic.prefix",
                doc = "Put before a table's name to make its topic; the whole topic of a query.",
                importance = Importance.HIGH,
                group = "Topics")
        String topicPrefix) {

    static final ConfigSpec<JdbcSourceConfig> SPEC = ConfigSpec.of(JdbcSourceConfig.class)
            .refusing(Map.ofEntries(
                    Map.entry("jdbc.credentials.provider.class", "use connection.password with a config provider"),
                    Map.entry("incrementing.column.mapping", "use one connector for each incrementing.column.name"),
                    Map.entry("timestamp.columns.mapping", "use one connector for each timestamp.column.name"),
                    Map.entry("query.masked", "use query"),
                    Map.entry("numeric.precision.mapping", "use numeric.mapping=precision_only"),
                    Map.entry("date.calendar.system", "dates are always in the proleptic Gregorian calendar"),
                    Map.entry("max.buffer.size", "the buffer is batch.max.rows and one row"),
                    Map.entry("poll.linger.ms", "batches are handed over as soon as they are read"),
                    Map.entry(
                            "table.monitoring.startup.polling.limit.ms",
                            "tables are looked up before the connector has started"),
                    Map.entry("sql.complex.types.enable", "arrays and JSON are always read")));

    Dialect dialect() {
        return connection.dialect();
    }
}
