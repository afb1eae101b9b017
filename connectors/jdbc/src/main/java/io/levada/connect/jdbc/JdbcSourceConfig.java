/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.IgnoredOption;
import io.levada.connect.jdbc.connection.ConnectionOptions;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.source.SourceOptions;
import java.util.List;

/** Everything that can be configured at {@link JdbcSourceConnector}. */
record JdbcSourceConfig(
        ConnectionOptions connection,
        SourceOptions options) {

    static final ConfigSpec<JdbcSourceConfig> SPEC = ConfigSpec.of(JdbcSourceConfig.class)
            .ignoring(List.of(
                    IgnoredOption.of("poll.linger.ms", "batches are handed over as soon as they are read"),
                    IgnoredOption.of("max.buffer.size", "the buffer is one batch, see batch.max.rows and batch.max.bytes"),
                    IgnoredOption.of(
                            "table.monitoring.startup.polling.limit.ms",
                            "tables are looked up before the connector has started"),
                    IgnoredOption.of(
                            "numeric.precision.mapping", "instead of true, use numeric.mapping=precision_only", "false"),
                    IgnoredOption.of(
                            "date.calendar.system",
                            "dates are always in the proleptic Gregorian calendar",
                            "PROLEPTIC_GREGORIAN"),
                    IgnoredOption.of("sql.complex.types.enable", "arrays and JSON are always read", "true"),
                    IgnoredOption.of(
                            "jdbc.credentials.provider.class",
                            "use connection.password with a config provider",
                            "io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider")));

    Dialect dialect() {
        return connection.dialect();
    }
}
