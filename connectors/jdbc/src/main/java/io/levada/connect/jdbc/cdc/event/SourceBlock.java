/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.table.TableName;
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
        Struct source = new Struct(SCHEMA)
                .put("version", version)
                .put("connector", "postgresql")
                .put("name", prefix)
                .put("ts_ms", Math.floorDiv(timeMicros, 1000L))
                .put("snapshot", snapshot)
                .put("db", database)
                .put("sequence", sequence(commitLsn, lsn))
                .put("ts_us", timeMicros)
                .put("ts_ns", timeMicros * 1000)
                .put("schema", table == null ? "" : table.schema())
                .put("table", table == null ? "" : table.table())
                .put("lsn", lsn);
        if (xid != 0) {
            source.put("txId", xid);
        }
        if (origin != null) {
            source.put("origin", origin.origin());
            if (origin.lsn() != 0) {
                source.put("origin_lsn", origin.lsn());
            }
        }
        return source;
    }

    private static String sequence(long commitLsn, long lsn) {
        return commitLsn == 0 ? "[null,\"" + lsn + "\"]" : "[\"" + commitLsn + "\",\"" + lsn + "\"]";
    }
}
