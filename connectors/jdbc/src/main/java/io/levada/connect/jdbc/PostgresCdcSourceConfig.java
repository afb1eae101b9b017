/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.Option;
import io.levada.connect.jdbc.cdc.event.EventOptions;
import io.levada.connect.jdbc.cdc.event.Topics;
import io.levada.connect.jdbc.cdc.server.ServerOptions;
import io.levada.connect.jdbc.cdc.server.SlotOptions;
import io.levada.connect.jdbc.cdc.signal.SignalOptions;
import io.levada.connect.jdbc.cdc.snapshot.SnapshotOptions;
import io.levada.connect.jdbc.cdc.stream.FlowOptions;
import io.levada.connect.jdbc.cdc.table.SelectionOptions;
import io.levada.connect.jdbc.cdc.types.BinaryMode;
import io.levada.connect.jdbc.cdc.types.DecimalMode;
import io.levada.connect.jdbc.cdc.types.HstoreMode;
import io.levada.connect.jdbc.cdc.types.IntervalMode;
import io.levada.connect.jdbc.cdc.types.TimePrecision;
import io.levada.connect.jdbc.cdc.types.TypeOptions;
import io.levada.connect.jdbc.cdc.types.UnreadableValues;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** Everything that can be configured at {@link PostgresCdcSourceConnector}; names and defaults are Debezium's where they mean the same. */
record PostgresCdcSourceConfig(
        ServerOptions server,

        Topics topics,

        SelectionOptions selection,

        @Option(
                name = "table.poll.interval.ms",
                doc =
                        "Milliseconds between two looks for tables that are to be captured and were made since, also under the name of"
                                + " another, with publication.autocreate.mode=filtered: the task is restarted, publishes them and reads their rows; 0 for"
                                + " none.",
                defaultValue = "60000",
                importance = Importance.LOW,
                group = "Tables")
        Duration tablesPoll,

        SnapshotOptions snapshot,

        SlotOptions slot,

        EventOptions events,

        @Option(
                name = "decimal.handling.mode",
                doc = "How numeric and money are told: precise as Kafka Connect's Decimal, double, or string.",
                defaultValue = "precise",
                group = "Types")
        DecimalMode decimals,

        @Option(
                name = "time.precision.mode",
                doc =
                        "How dates and times are told: adaptive and adaptive_time_microseconds as numbers as exact as the column,"
                                + " connect as Kafka Connect's types in milliseconds, microseconds or nanoseconds, isostring, or"
                                + " structured.",
                defaultValue = "adaptive",
                group = "Types")
        TimePrecision times,

        @Option(
                name = "binary.handling.mode",
                doc = "How bytea is told: bytes, or a string in base64, base64-url-safe or hex.",
                defaultValue = "bytes",
                group = "Types")
        BinaryMode binary,

        @Option(
                name = "hstore.handling.mode",
                doc = "How hstore is told: json, or map.",
                defaultValue = "json",
                group = "Types")
        HstoreMode hstore,

        @Option(
                name = "interval.handling.mode",
                doc =
                        "How interval is told: numeric as microseconds (a month counts 30.4375 days), or string in ISO 8601.",
                defaultValue = "numeric",
                group = "Types")
        IntervalMode intervals,

        @Option(
                name = "money.fraction.digits",
                doc = "Digits after the point of money.",
                defaultValue = "2",
                min = 0,
                importance = Importance.LOW,
                group = "Types")
        int moneyFractionDigits,

        @Option(
                name = "include.unknown.datatypes",
                doc = "Tell columns of types that have no meaning here as bytes instead of leaving them out.",
                defaultValue = "false",
                importance = Importance.LOW,
                group = "Types")
        boolean unknownTypes,

        @Option(
                name = "unavailable.value.placeholder",
                doc =
                        "Stands for a large value that an update did not touch and the server therefore did not send; hex: and digits"
                                + " for bytes.",
                defaultValue = "__debezium_unavailable_value",
                importance = Importance.LOW,
                group = "Types")
        String unavailable,

        @Option(
                name = "event.converting.failure.handling.mode",
                doc =
                        "What is done about a value that cannot be read: fail ends the task, naming the column; warn and skip tell null"
                                + " in its place, if the column may be null, and warn logs it.",
                defaultValue = "fail",
                importance = Importance.LOW,
                group = "Types")
        UnreadableValues unreadable,

        @Option(
                name = "extended.headers.enabled",
                doc = "Add headers to each change that name the connector and the task.",
                defaultValue = "true",
                importance = Importance.LOW,
                group = "Events")
        boolean extendedHeaders,

        FlowOptions flow,

        SignalOptions signals) {

    static final ConfigSpec<PostgresCdcSourceConfig> SPEC = ConfigSpec.of(PostgresCdcSourceConfig.class)
            .ignoring(DebeziumKeys.IGNORED)
            .refusing(DebeziumKeys.REFUSED);

    TypeOptions types() {
        return new TypeOptions(
                decimals, times, binary, hstore, intervals, moneyFractionDigits, unknownTypes, unavailable, unreadable);
    }
}
