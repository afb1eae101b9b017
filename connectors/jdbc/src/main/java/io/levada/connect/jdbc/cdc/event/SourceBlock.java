/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.StructValues;
import io.levada.connect.jdbc.cdc.table.CheckedStruct;
import io.levada.connect.jdbc.cdc.table.TableName;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The event's {@code source}: where in the database's log it comes from. */
final class SourceBlock {

    /** {@code source.snapshot} of a change that was not read by a snapshot: the field's default. */
    static final String STREAMED = "false";

    private static final Schema SNAPSHOT = SchemaBuilder.string()
            .name("io.debezium.data.Enum")
            .version(1)
            .parameter("allowed", "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental")
            .defaultValue(STREAMED)
            .optional()
            .build();

    static final Schema SCHEMA = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.Source")
            .version(1)
            .field("version", Schema.STRING_SCHEMA)
            .field("connector", Schema.STRING_SCHEMA)
            .field("name", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("snapshot", SNAPSHOT)
            .field("db", Schema.STRING_SCHEMA)
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
            .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA)
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field("xmin", Schema.OPTIONAL_INT64_SCHEMA)
            .field("origin", Schema.OPTIONAL_STRING_SCHEMA)
            .field("origin_lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .build();

    // Fields looked up once: a lookup by name costs as much as the value.
    private static final Field VERSION = SCHEMA.field("version");
    private static final Field CONNECTOR = SCHEMA.field("connector");
    private static final Field NAME = SCHEMA.field("name");
    private static final Field TS_MS = SCHEMA.field("ts_ms");
    private static final Field SNAPSHOT_MARKER = SCHEMA.field("snapshot");
    private static final Field DB = SCHEMA.field("db");
    private static final Field SEQUENCE = SCHEMA.field("sequence");
    private static final Field TS_US = SCHEMA.field("ts_us");
    private static final Field TS_NS = SCHEMA.field("ts_ns");
    private static final Field SCHEMA_NAME = SCHEMA.field("schema");
    private static final Field TABLE_NAME = SCHEMA.field("table");
    private static final Field LSN = SCHEMA.field("lsn");
    private static final Field TX_ID = SCHEMA.field("txId");
    private static final Field ORIGIN = SCHEMA.field("origin");
    private static final Field ORIGIN_LSN = SCHEMA.field("origin_lsn");

    private final String version;
    private final String prefix;
    private final String database;

    /** @param prefix the connector's {@code topic.prefix} */
    SourceBlock(String version, String prefix, String database) {
        this.version = version;
        this.prefix = prefix;
        this.database = database;
    }

    /**
     * Where the transaction was replicated from.
     *
     * @param lsn of its commit there; 0 if it was not told, as of a transaction in progress
     */
    record ReplicatedFrom(String origin, long lsn) {}

    /**
     * @param table null for a message, which belongs to none
     * @param commitLsn the end of the last transaction done, or 0 for none
     * @param xid 0 outside a transaction
     */
    Struct of(
            @Nullable TableName table,
            String snapshot,
            long timeMicros,
            long commitLsn,
            long lsn,
            long xid,
            @Nullable ReplicatedFrom origin) {
        Struct source = new CheckedStruct(SCHEMA);
        StructValues.put(source, VERSION, version);
        StructValues.put(source, CONNECTOR, "postgresql");
        StructValues.put(source, NAME, prefix);
        StructValues.put(source, TS_MS, Math.floorDiv(timeMicros, 1000L));
        StructValues.put(source, SNAPSHOT_MARKER, snapshot);
        StructValues.put(source, DB, database);
        StructValues.put(source, SEQUENCE, sequence(commitLsn, lsn));
        StructValues.put(source, TS_US, timeMicros);
        StructValues.put(source, TS_NS, timeMicros * 1000);
        StructValues.put(source, SCHEMA_NAME, table == null ? "" : table.schema());
        StructValues.put(source, TABLE_NAME, table == null ? "" : table.table());
        StructValues.put(source, LSN, lsn);
        if (xid != 0) {
            StructValues.put(source, TX_ID, xid);
        }
        if (origin != null) {
            StructValues.put(source, ORIGIN, origin.origin());
            if (origin.lsn() != 0) {
                StructValues.put(source, ORIGIN_LSN, origin.lsn());
            }
        }
        return source;
    }

    private static String sequence(long commitLsn, long lsn) {
        return commitLsn == 0 ? "[null,\"" + lsn + "\"]" : "[\"" + commitLsn + "\",\"" + lsn + "\"]";
    }
}
