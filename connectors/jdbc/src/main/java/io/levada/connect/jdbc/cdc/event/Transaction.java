/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Counts the events of one transaction, and tells of it: the records of the transaction topic and the block in each event. */
final class Transaction {

    private static final Schema COUNT = SchemaBuilder.struct()
            .optional()
            .name("event.collection")
            .version(1)
            .field("data_collection", Schema.STRING_SCHEMA)
            .field("event_count", Schema.INT64_SCHEMA)
            .build();

    static final Schema KEY = SchemaBuilder.struct()
            .name("io.debezium.connector.common.TransactionMetadataKey")
            .version(1)
            .field("id", Schema.STRING_SCHEMA)
            .build();

    static final Schema VALUE = SchemaBuilder.struct()
            .name("io.debezium.connector.common.TransactionMetadataValue")
            .version(1)
            .field("status", Schema.STRING_SCHEMA)
            .field("id", Schema.STRING_SCHEMA)
            .field("event_count", Schema.OPTIONAL_INT64_SCHEMA)
            .field("data_collections", SchemaBuilder.array(COUNT).optional().build())
            .field("ts_ms", Schema.INT64_SCHEMA)
            .build();

    private final long xid;
    private final long timeMillis;
    private final Map<String, Long> events = new LinkedHashMap<>();
    private long total;

    Transaction(long xid, long commitTimeMicros) {
        this.xid = xid;
        this.timeMillis = Math.floorDiv(commitTimeMicros, 1000L);
    }

    /** As Debezium's: the transaction's, and the place in the log of what is told. */
    private String id(long lsn) {
        return xid + ":" + lsn;
    }

    /** Counts one more event of a table and gives its place. */
    Struct next(String collection, long lsn) {
        total++;
        return new Struct(Envelope.TRANSACTION)
                .put("id", id(lsn))
                .put("total_order", total)
                .put("data_collection_order", events.merge(collection, 1L, Long::sum));
    }

    /** Counts one more message; each is alone in its collection, as with Debezium. */
    Struct nextMessage(String collection, long lsn) {
        return next(collection, lsn).put("data_collection_order", 1L);
    }

    Struct key(long lsn) {
        return new Struct(KEY).put("id", id(lsn));
    }

    Struct begin(long lsn) {
        return new Struct(VALUE).put("status", "BEGIN").put("id", id(lsn)).put("ts_ms", timeMillis);
    }

    Struct end(long lsn) {
        List<Struct> counts = new ArrayList<>();
        events.forEach((collection, count) ->
                counts.add(new Struct(COUNT).put("data_collection", collection).put("event_count", count)));
        return new Struct(VALUE)
                .put("status", "END")
                .put("id", id(lsn))
                .put("event_count", total)
                .put("data_collections", counts)
                .put("ts_ms", timeMillis);
    }
}
