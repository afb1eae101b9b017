/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.IgnoredOption;
import io.levada.connect.jdbc.connection.ConnectionOptions;
import io.levada.connect.jdbc.connection.Session;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.sink.SinkOptions;
import java.util.List;
import java.util.Map;

/** Everything that can be configured at {@link JdbcSinkConnector}. */
record JdbcSinkConfig(ConnectionOptions connection, SinkOptions options) {

    static final ConfigSpec<JdbcSinkConfig> SPEC = ConfigSpec.of(JdbcSinkConfig.class)
            .refusing(Map.ofEntries(
                    Map.entry("connection.username", "use connection.user"),
                    Map.entry("primary.key.mode", "use pk.mode"),
                    Map.entry("primary.key.fields", "use pk.fields"),
                    Map.entry("collection.name.format", "use table.name.format"),
                    Map.entry("schema.evolution", "use auto.create and auto.evolve"),
                    Map.entry("flush.max.retries", "use max.retries"),
                    Map.entry("flush.retry.delay.ms", "use retry.backoff.ms"),
                    Map.entry("field.include.list", "use fields.whitelist, or the ReplaceField transform"),
                    Map.entry("field.exclude.list", "use the ReplaceField transform"),
                    Map.entry("column.naming.style", "use the ReplaceField transform"),
                    Map.entry("collection.naming.style", "use table.name.format or topics.to.tables.mapping"),
                    Map.entry("table.naming.strategy", "use table.name.format or topics.to.tables.mapping"),
                    Map.entry("quote.identifiers", "use quote.sql.identifiers"),
                    Map.entry("sql.quote.identifiers", "use quote.sql.identifiers"),
                    Map.entry("use.time.zone", "use db.timezone"),
                    Map.entry("column.naming.strategy", "use the ReplaceField transform"),
                    Map.entry("collection.naming.strategy", "use table.name.format or topics.to.tables.mapping")))
            .ignoring(List.of(
                    IgnoredOption.of("date.timezone", "dates are never moved by a time zone", "UTC", "DB_TIMEZONE"),
                    IgnoredOption.of(
                            "date.calendar.system",
                            "dates are always in the proleptic Gregorian calendar",
                            "PROLEPTIC_GREGORIAN",
                            "LEGACY"),
                    IgnoredOption.of(
                            "trim.sensitive.log",
                            "the sink itself logs no values; what a database says of an error may hold some"),
                    IgnoredOption.of("mssql.use.merge.holdlock", "it concerns SQL Server", "true"),
                    IgnoredOption.of(
                            "use.reduction.buffer", "of several changes of a row in a batch the last is written"),
                    IgnoredOption.of(
                            "dialect.postgres.unnest.insert.enabled",
                            "bulk.rows.min decides how batches are written")));

    Session session() {
        return new Session(dialect().writingProperties(), options.zone());
    }

    Dialect dialect() {
        return connection.dialect();
    }
}
