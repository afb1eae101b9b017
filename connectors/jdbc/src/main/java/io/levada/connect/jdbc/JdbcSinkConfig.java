/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.connection.ConnectionOptions;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.sink.SinkOptions;
import java.util.Map;

/** Everything that can be configured at {@link JdbcSinkConnector}. */
record JdbcSinkConfig(ConnectionOptions connection, SinkOptions options) {

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
        return connection.dialect();
    }
}
