/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** A record that carries the offset on when no table changes. */
final class Heartbeat {

    private static final Schema KEY = SchemaBuilder.struct()
            .name("io.debezium.connector.common.ServerNameKey")
            .version(1)
            .field("serverName", Schema.STRING_SCHEMA)
            .build();

    private static final Schema VALUE = SchemaBuilder.struct()
            .name("io.debezium.connector.common.Heartbeat")
            .version(1)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .build();

    private Heartbeat() {}

    static SourceRecord of(Topics topics, CdcOffset offset, long nowMillis) {
        return new SourceRecord(
                Events.partition(topics.prefix()),
                new OffsetMap(offset),
                topics.heartbeat(),
                0,
                KEY,
                new Struct(KEY).put("serverName", topics.prefix()),
                VALUE,
                new Struct(VALUE).put("ts_ms", nowMillis));
    }
}
