/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.Option;
import io.levada.connect.jdbc.connection.ConnectionOptions;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.DialectName;
import io.levada.connect.jdbc.sink.SinkOptions;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/** Everything that can be configured at {@link JdbcSinkConnector}. */
record JdbcSinkConfig(
        ConnectionOptions connection,

        @Option(
                name = "dialect.name",
                doc = "The database's dialect; not set means the one of the URL.",
                optional = true,
                importance = Importance.LOW,
                group = "Connection")
        @Nullable
        DialectName dialectName,

        SinkOptions options) {

    static final ConfigSpec<JdbcSinkConfig> SPEC = ConfigSpec.of(JdbcSinkConfig.class)
            .refusing(Map.ofEntries(
                    Map.entry("jdbc.credentials.provider.class", "use connection.password with a config provider"),
                    Map.entry("date.timezone", "dates are never moved by a time zone"),
                    Map.entry("date.calendar.system", "dates are always in the proleptic Gregorian calendar"),
                    Map.entry("timestamp.precision.mode", "use Connect's Timestamp"),
                    Map.entry("timestamp.fields.list", "use the TimestampConverter transform"),
                    Map.entry("string.output.value.column.name", "use the HoistField transform"),
                    Map.entry("trim.sensitive.log", "values are never logged"),
                    Map.entry("mssql.use.merge.holdlock", "it concerns SQL Server")));

    Dialect dialect() {
        return (dialectName == null ? DialectName.POSTGRESQL : dialectName).dialect();
    }
}
